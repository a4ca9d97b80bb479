// Products: docs/spec.md, A1 to D7.

// A1 to D5 for one input vector and outputs 0 .. outputs of one product:
// y[out + i] from the vector's codes xq [blocks, n] and scales xs [blocks], of
// which `elements` are the vector's, and the weights' cells wq [.., blocks, n]
// and scales ws [.., blocks] from row `first` on. Where `ismean`, with the
// vector's means [blocks] and the weights' sums [.., blocks] (C5). `alphas` and
// `scales` come from each block's gain, or each tile's (G1): [groups, ofgroup,
// blocks], where a tile has `columns` outputs of a group; `ofgroup` is 0 where
// all outputs share.
func.func private @ams_plain_product(
    %xq: memref<?xi16>, %xs: memref<?xbf16>, %elements: index,
    %wq: memref<?xi16>, %ws: memref<?xbf16>, %ismean: i1,
    %means: memref<?xf32>, %sums: memref<?xf32>, %y: memref<?xf32>,
    %out: index, %first: index, %outputs: index, %blocks: index, %n: index,
    %alphas: memref<?xf32>, %scales: memref<?xf32>, %columns: index,
    %ofgroup: index, %device: memref<?xf32>, %normal: memref<?xf32>,
    %noise: memref<?xf32>, %layer: i64, %vector: i64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %c23 = arith.constant 23 : index
  %shift = arith.constant 24 : i64
  %zero = arith.constant 0.0 : f32
  // The sum starts at -0, which leaves the first partial as it is (D4).
  %start = arith.constant -0.0 : f32
  %rounding = memref.load %device[%c3] : memref<?xf32>
  %rounds = arith.cmpf une, %rounding, %zero : f32
  %count = memref.load %device[%c23] : memref<?xf32>
  %count64 = arith.fptosi %count : f32 to i64
  %repeats = arith.index_cast %count64 : i64 to index
  %padded = arith.muli %blocks, %n : index
  %x = memref.alloc(%padded) : memref<?xi16>
  %rows = arith.muli %outputs, %blocks : index
  %codes = memref.alloc(%rows) : memref<?xf32>
  scf.for %i = %c0 to %rows step %c1 {
    memref.store %zero, %codes[%i] : memref<?xf32>
  }
  %group = arith.divui %first, %outputs : index
  %grouptile = arith.muli %group, %ofgroup : index
  // A1, A2, S8 to S15: the sums of codes.
  scf.for %again = %c0 to %repeats step %c1 {
    %repeat = arith.index_cast %again : index to i64
    %repeatbits = arith.shli %repeat, %shift : i64
    %address = arith.addi %layer, %repeatbits : i64
    func.call @ams_plain_dac(%xq, %elements, %blocks, %n, %device, %normal,
        %address, %vector, %x)
        : (memref<?xi16>, index, index, index, memref<?xf32>, memref<?xf32>,
           i64, i64, memref<?xi16>) -> ()
    scf.for %i = %c0 to %outputs step %c1 {
      %row = arith.addi %first, %i : index
      %row64 = arith.index_cast %row : index to i64
      %column = arith.divui %i, %columns : index
      %tile = arith.addi %grouptile, %column : index
      %gains = arith.muli %tile, %blocks : index
      %own = arith.muli %i, %blocks : index
      scf.for %t = %c0 to %blocks step %c1 {
        %block = arith.index_cast %t : index to i64
        %wblock0 = arith.muli %row, %blocks : index
        %wblock = arith.addi %wblock0, %t : index
        %wat = arith.muli %wblock, %n : index
        %xat = arith.muli %t, %n : index
        %gain = arith.addi %gains, %t : index
        %alpha = memref.load %alphas[%gain] : memref<?xf32>
        %code = func.call @ams_plain_convert(%x, %xat, %wq, %wat, %n, %alpha,
            %device, %normal, %noise, %layer, %address, %vector, %block, %row64)
            : (memref<?xi16>, index, memref<?xi16>, index, index, f32,
               memref<?xf32>, memref<?xf32>, memref<?xf32>, i64, i64, i64, i64,
               i64) -> f32
        %at = arith.addi %own, %t : index
        %before = memref.load %codes[%at] : memref<?xf32>
        %sum = arith.addf %before, %code : f32
        memref.store %sum, %codes[%at] : memref<?xf32>
      }
    }
  }
  scf.for %i = %c0 to %outputs step %c1 {
    %row = arith.addi %first, %i : index
    %column = arith.divui %i, %columns : index
    %tile = arith.addi %grouptile, %column : index
    %gains = arith.muli %tile, %blocks : index
    %own = arith.muli %i, %blocks : index
    %sum = scf.for %t = %c0 to %blocks step %c1
        iter_args(%acc = %start) -> f32 {
      %wblock0 = arith.muli %row, %blocks : index
      %wblock = arith.addi %wblock0, %t : index
      %at = arith.addi %own, %t : index
      %total = memref.load %codes[%at] : memref<?xf32>
      %c = arith.divf %total, %count : f32
      // D2, D3, D5.
      %wsb = memref.load %ws[%wblock] : memref<?xbf16>
      %xsb = memref.load %xs[%t] : memref<?xbf16>
      %sw = arith.extf %wsb : bf16 to f32
      %sx = arith.extf %xsb : bf16 to f32
      %gain = arith.addi %gains, %t : index
      %scale = memref.load %scales[%gain] : memref<?xf32>
      %r0 = arith.mulf %scale, %sw : f32
      %r = arith.mulf %r0, %sx : f32
      %exact = arith.mulf %c, %r : f32
      %bf16 = func.call @ams_plain_bf16(%exact) : (f32) -> f32
      %partial = arith.select %rounds, %bf16, %exact : f32
      // D4.
      %added = arith.addf %acc, %partial : f32
      // C5.
      %next = scf.if %ismean -> f32 {
        %mean = memref.load %means[%t] : memref<?xf32>
        %weightsum = memref.load %sums[%wblock] : memref<?xf32>
        %part = arith.mulf %mean, %weightsum : f32
        %with = arith.addf %added, %part : f32
        scf.yield %with : f32
      } else {
        scf.yield %added : f32
      }
      scf.yield %next : f32
    }
    %bf16 = func.call @ams_plain_bf16(%sum) : (f32) -> f32
    %result = arith.select %rounds, %bf16, %sum : f32
    %position = arith.addi %out, %i : index
    memref.store %result, %y[%position] : memref<?xf32>
  }
  return
}

// ams.mvm with a window (without: a 1 x 1 window on 1 x 1 images): x is
// [images, h, w, groups * c], y is [images, oh, ow, groups * outputs]. Means are
// removed where `sums` is not empty, blocks spread where `signs` is not.
func.func private @ams_plain_mvm(
    %x: memref<?xf32>, %wq: memref<?xi16>, %ws: memref<?xbf16>,
    %sums: memref<?xf32>, %signs: memref<?xi8>, %y: memref<?xf32>,
    %images: index, %h: index, %w: index, %c: index,
    %kh: index, %kw: index, %stride_h: index, %stride_w: index,
    %dilation_h: index, %dilation_w: index, %top: index, %left: index,
    %oh: index, %ow: index, %groups: index, %outputs: index, %n: index,
    %alphas: memref<?xf32>, %scales: memref<?xf32>, %columns: index,
    %ofgroup: index, %device: memref<?xf32>, %normal: memref<?xf32>,
    %noise: memref<?xf32>, %layer: i64, %persample: i64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %limit = memref.load %device[%c1] : memref<?xf32>
  %channels = arith.muli %groups, %c : index
  %all = arith.muli %groups, %outputs : index
  %k0 = arith.muli %kh, %kw : index
  %k = arith.muli %k0, %c : index
  %blocks = arith.ceildivsi %k, %n : index
  %padded = arith.muli %blocks, %n : index
  %numsums = memref.dim %sums, %c0 : memref<?xf32>
  %ismean = arith.cmpi ne, %numsums, %c0 : index
  %numsigns = memref.dim %signs, %c0 : memref<?xi8>
  %isspread = arith.cmpi ne, %numsigns, %c0 : index
  %elements = arith.select %isspread, %padded, %k : index
  %patch = memref.alloc(%k) : memref<?xf32>
  %conditioned = memref.alloc(%elements) : memref<?xf32>
  %means = memref.alloc(%blocks) : memref<?xf32>
  %xq = memref.alloc(%padded) : memref<?xi16>
  %xs = memref.alloc(%blocks) : memref<?xbf16>
  scf.for %b = %c0 to %images step %c1 {
    scf.for %i = %c0 to %oh step %c1 {
      scf.for %j = %c0 to %ow step %c1 {
        %v0 = arith.muli %b, %oh : index
        %v1 = arith.addi %v0, %i : index
        %v2 = arith.muli %v1, %ow : index
        %v = arith.addi %v2, %j : index
        %vector = func.call @ams_plain_vector(%v, %persample)
            : (index, i64) -> i64
        %pixel = arith.muli %v, %all : index
        scf.for %g = %c0 to %groups step %c1 {
          // V4: kernel row, kernel column, channel.
          scf.for %p = %c0 to %kh step %c1 {
            scf.for %q = %c0 to %kw step %c1 {
              %r0 = arith.muli %i, %stride_h : index
              %r1 = arith.muli %p, %dilation_h : index
              %r2 = arith.addi %r0, %r1 : index
              %r = arith.subi %r2, %top : index
              %s0 = arith.muli %j, %stride_w : index
              %s1 = arith.muli %q, %dilation_w : index
              %s2 = arith.addi %s0, %s1 : index
              %s = arith.subi %s2, %left : index
              %in0 = arith.cmpi sge, %r, %c0 : index
              %in1 = arith.cmpi slt, %r, %h : index
              %in2 = arith.cmpi sge, %s, %c0 : index
              %in3 = arith.cmpi slt, %s, %w : index
              %in4 = arith.andi %in0, %in1 : i1
              %in5 = arith.andi %in2, %in3 : i1
              %inside = arith.andi %in4, %in5 : i1
              %e0 = arith.muli %p, %kw : index
              %e1 = arith.addi %e0, %q : index
              %e = arith.muli %e1, %c : index
              scf.for %ch = %c0 to %c step %c1 {
                %value = scf.if %inside -> f32 {
                  %a0 = arith.muli %b, %h : index
                  %a1 = arith.addi %a0, %r : index
                  %a2 = arith.muli %a1, %w : index
                  %a3 = arith.addi %a2, %s : index
                  %a4 = arith.muli %a3, %channels : index
                  %a5 = arith.muli %g, %c : index
                  %a6 = arith.addi %a4, %a5 : index
                  %at = arith.addi %a6, %ch : index
                  %loaded = memref.load %x[%at] : memref<?xf32>
                  scf.yield %loaded : f32
                } else {
                  scf.yield %zero : f32
                }
                %position = arith.addi %e, %ch : index
                memref.store %value, %patch[%position] : memref<?xf32>
              }
            }
          }
          func.call @ams_plain_condition(%patch, %k, %n, %ismean, %signs,
              %conditioned, %means)
              : (memref<?xf32>, index, index, i1, memref<?xi8>, memref<?xf32>,
                 memref<?xf32>) -> ()
          func.call @ams_plain_quantize(%conditioned, %elements, %n, %limit,
              %xq, %xs, %c0)
              : (memref<?xf32>, index, index, f32, memref<?xi16>,
                 memref<?xbf16>, index) -> ()
          %first = arith.muli %g, %outputs : index
          %out = arith.addi %pixel, %first : index
          func.call @ams_plain_product(%xq, %xs, %elements, %wq, %ws, %ismean,
              %means, %sums, %y, %out, %first, %outputs, %blocks, %n, %alphas,
              %scales, %columns, %ofgroup, %device, %normal, %noise, %layer,
              %vector)
              : (memref<?xi16>, memref<?xbf16>, index, memref<?xi16>,
                 memref<?xbf16>, i1, memref<?xf32>, memref<?xf32>,
                 memref<?xf32>, index, index, index, index, index,
                 memref<?xf32>, memref<?xf32>, index, index, memref<?xf32>,
                 memref<?xf32>, memref<?xf32>, i64, i64) -> ()
        }
      }
    }
  }
  return
}

// ams.batch_matmul: a [batch, m, k], b [batch, outputs, k], y [batch, m,
// outputs]. Cells err where `errs`.
func.func private @ams_plain_batch_matmul(
    %a: memref<?xf32>, %b: memref<?xf32>, %y: memref<?xf32>, %batch: index,
    %m: index, %outputs: index, %k: index, %n: index, %errs: i1,
    %alphas: memref<?xf32>, %scales: memref<?xf32>, %columns: index,
    %ofgroup: index, %device: memref<?xf32>, %normal: memref<?xf32>,
    %noise: memref<?xf32>, %layer: i64, %persample: i64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %limit_b = memref.load %device[%c0] : memref<?xf32>
  %limit_a = memref.load %device[%c1] : memref<?xf32>
  %blocks = arith.ceildivsi %k, %n : index
  %padded = arith.muli %blocks, %n : index
  %wblocks = arith.muli %outputs, %blocks : index
  %wpadded = arith.muli %wblocks, %n : index
  %v = memref.alloc(%k) : memref<?xf32>
  %xq = memref.alloc(%padded) : memref<?xi16>
  %xs = memref.alloc(%blocks) : memref<?xbf16>
  %wq = memref.alloc(%wpadded) : memref<?xi16>
  %ws = memref.alloc(%wblocks) : memref<?xbf16>
  // What was written just now has not drifted (S5).
  %drift = memref.alloc(%c0) : memref<?xf32>
  %plain = arith.constant false
  scf.for %s = %c0 to %batch step %c1 {
    scf.for %i = %c0 to %outputs step %c1 {
      %r0 = arith.muli %s, %outputs : index
      %r1 = arith.addi %r0, %i : index
      %at = arith.muli %r1, %k : index
      func.call @ams_plain_vector_copy(%b, %at, %k, %v)
          : (memref<?xf32>, index, index, memref<?xf32>) -> ()
      %block = arith.muli %i, %blocks : index
      func.call @ams_plain_quantize(%v, %k, %n, %limit_b, %wq, %ws, %block)
          : (memref<?xf32>, index, index, f32, memref<?xi16>, memref<?xbf16>,
             index) -> ()
    }
    scf.if %errs {
      func.call @ams_plain_cells(%wq, %outputs, %blocks, %n, %device, %normal,
          %drift, %layer, %wq)
          : (memref<?xi16>, index, index, index, memref<?xf32>, memref<?xf32>,
             memref<?xf32>, i64, memref<?xi16>) -> ()
    }
    scf.for %i = %c0 to %m step %c1 {
      %r0 = arith.muli %s, %m : index
      %r1 = arith.addi %r0, %i : index
      %at = arith.muli %r1, %k : index
      func.call @ams_plain_vector_copy(%a, %at, %k, %v)
          : (memref<?xf32>, index, index, memref<?xf32>) -> ()
      func.call @ams_plain_quantize(%v, %k, %n, %limit_a, %xq, %xs, %c0)
          : (memref<?xf32>, index, index, f32, memref<?xi16>, memref<?xbf16>,
             index) -> ()
      %vector = func.call @ams_plain_vector(%r1, %persample)
          : (index, i64) -> i64
      %out = arith.muli %r1, %outputs : index
      func.call @ams_plain_product(%xq, %xs, %k, %wq, %ws, %plain, %v, %v, %y,
          %out, %c0, %outputs, %blocks, %n, %alphas, %scales, %columns,
          %ofgroup, %device, %normal, %noise, %layer, %vector)
          : (memref<?xi16>, memref<?xbf16>, index, memref<?xi16>,
             memref<?xbf16>, i1, memref<?xf32>, memref<?xf32>, memref<?xf32>,
             index, index, index, index, index, memref<?xf32>, memref<?xf32>,
             index, index, memref<?xf32>, memref<?xf32>, memref<?xf32>, i64,
             i64) -> ()
    }
  }
  return
}

// D7 for a result y [vectors, outputs]. Where an addend is none, another buffer
// stands in for it.
func.func private @ams_plain_epilogue(
    %y: memref<?xf32>, %bias: memref<?xf32>, %residual: memref<?xf32>,
    %vectors: index, %outputs: index, %hasbias: i1, %hasresidual: i1,
    %clamps: i1, %low: f32, %high: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %v = %c0 to %vectors step %c1 {
    scf.for %i = %c0 to %outputs step %c1 {
      %row = arith.muli %v, %outputs : index
      %at = arith.addi %row, %i : index
      %y0 = memref.load %y[%at] : memref<?xf32>
      %y1 = scf.if %hasbias -> f32 {
        %b = memref.load %bias[%i] : memref<?xf32>
        %sum = arith.addf %y0, %b : f32
        scf.yield %sum : f32
      } else {
        scf.yield %y0 : f32
      }
      %y2 = scf.if %hasresidual -> f32 {
        %r = memref.load %residual[%at] : memref<?xf32>
        %sum = arith.addf %y1, %r : f32
        scf.yield %sum : f32
      } else {
        scf.yield %y1 : f32
      }
      // NaN is neither above nor below.
      %isbelow = arith.cmpf ole, %y2, %low : f32
      %lower = arith.select %isbelow, %low, %y2 : f32
      %isabove = arith.cmpf oge, %lower, %high : f32
      %clamped = arith.select %isabove, %high, %lower : f32
      %result = arith.select %clamps, %clamped, %y2 : f32
      memref.store %result, %y[%at] : memref<?xf32>
    }
  }
  return
}
