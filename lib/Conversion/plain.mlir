// The device's arithmetic in plain MLIR: docs/spec.md, rule by rule. Merged by
// --ams-decompose into a module whose products call these functions. All
// buffers are flat; sizes and offsets are arguments. This is the oracle: it is
// written to be compared with the rules, not to be fast. Buffers are freed where
// the pass for all buffers of a module (buffer-deallocation) says.

// ams_abi_plain_state_t: seed, first sample, noise on, reserved.
memref.global @ams_plain_state : memref<4xi64> = dense<0>

// V2: the nearest bfloat16 value, ties to even.
func.func private @ams_plain_bf16(%v: f32) -> f32 {
  %one = arith.constant 1 : i32
  %sixteen = arith.constant 16 : i32
  %half = arith.constant 0x7fff : i32
  %mask = arith.constant 0xffff0000 : i32
  %bits = arith.bitcast %v : f32 to i32
  %shifted = arith.shrui %bits, %sixteen : i32
  %odd = arith.andi %shifted, %one : i32
  %bias = arith.addi %half, %odd : i32
  %sum = arith.addi %bits, %bias : i32
  %kept = arith.andi %sum, %mask : i32
  %result = arith.bitcast %kept : i32 to f32
  return %result : f32
}

// Q1 to Q4 for the vector x[0 .. k), in blocks of n: codes[at * n + i] and
// scales[at + t].
func.func private @ams_plain_quantize(%x: memref<?xf32>, %k: index, %n: index,
                                      %limit: f32, %codes: memref<?xi8>,
                                      %scales: memref<?xbf16>, %at: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %sixteen = arith.constant 16 : i32
  %zero = arith.constant 0.0 : f32
  %zero8 = arith.constant 0 : i8
  %unit = arith.constant 1.0 : f32
  // Above 2^100 both v and s are scaled by 2^-32, so that v * L stays finite.
  %large = arith.constant 0x71800000 : f32
  %small = arith.constant 0x2f800000 : f32
  %minus = arith.negf %limit : f32
  %blocks = arith.ceildivsi %k, %n : index
  scf.for %t = %c0 to %blocks step %c1 {
    %begin = arith.muli %t, %n : index
    %s = scf.for %i = %c0 to %n step %c1 iter_args(%max = %zero) -> f32 {
      %e = arith.addi %begin, %i : index
      %inside = arith.cmpi slt, %e, %k : index
      %next = scf.if %inside -> f32 {
        %v0 = memref.load %x[%e] : memref<?xf32>
        %v = func.call @ams_plain_bf16(%v0) : (f32) -> f32
        %a = math.absf %v : f32
        %m = arith.maximumf %max, %a : f32
        scf.yield %m : f32
      } else {
        scf.yield %max : f32
      }
      scf.yield %next : f32
    }
    %block = arith.addi %at, %t : index
    %sbits = arith.bitcast %s : f32 to i32
    %shigh = arith.shrui %sbits, %sixteen : i32
    %s16 = arith.trunci %shigh : i32 to i16
    %sbf16 = arith.bitcast %s16 : i16 to bf16
    memref.store %sbf16, %scales[%block] : memref<?xbf16>
    %islarge = arith.cmpf ogt, %s, %large : f32
    %factor = arith.select %islarge, %small, %unit : f32
    %nonzero = arith.cmpf ogt, %s, %zero : f32
    %divisor0 = arith.select %nonzero, %s, %unit : f32
    %divisor = arith.mulf %divisor0, %factor : f32
    %first = arith.muli %block, %n : index
    scf.for %i = %c0 to %n step %c1 {
      %e = arith.addi %begin, %i : index
      %inside = arith.cmpi slt, %e, %k : index
      %code = scf.if %inside -> i8 {
        %v0 = memref.load %x[%e] : memref<?xf32>
        %v1 = func.call @ams_plain_bf16(%v0) : (f32) -> f32
        %v = arith.mulf %v1, %factor : f32
        %vl = arith.mulf %v, %limit : f32
        %q = arith.divf %vl, %divisor : f32
        %r = math.roundeven %q : f32
        %lower = arith.maximumf %r, %minus : f32
        %both = arith.minimumf %lower, %limit : f32
        %c = arith.fptosi %both : f32 to i8
        scf.yield %c : i8
      } else {
        scf.yield %zero8 : i8
      }
      %position = arith.addi %first, %i : index
      memref.store %code, %codes[%position] : memref<?xi8>
    }
  }
  return
}

// C2's sum of x[0 .. k) in 16 lanes.
func.func private @ams_plain_lane_sum(%x: memref<?xf32>, %k: index) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c5 = arith.constant 5 : index
  %c16 = arith.constant 16 : index
  %zero = arith.constant 0.0 : f32
  %lanes = memref.alloc(%c16) : memref<?xf32>
  scf.for %l = %c0 to %c16 step %c1 {
    memref.store %zero, %lanes[%l] : memref<?xf32>
  }
  scf.for %i = %c0 to %k step %c1 {
    %l = arith.remui %i, %c16 : index
    %old = memref.load %lanes[%l] : memref<?xf32>
    %v = memref.load %x[%i] : memref<?xf32>
    %new = arith.addf %old, %v : f32
    memref.store %new, %lanes[%l] : memref<?xf32>
  }
  // Halves of 8, 4, 2 and 1 lanes.
  %end = scf.for %step = %c1 to %c5 step %c1 iter_args(%count = %c16) -> index {
    %half = arith.divui %count, %c2 : index
    scf.for %l = %c0 to %half step %c1 {
      %other = arith.addi %l, %half : index
      %a = memref.load %lanes[%l] : memref<?xf32>
      %b = memref.load %lanes[%other] : memref<?xf32>
      %sum = arith.addf %a, %b : f32
      memref.store %sum, %lanes[%l] : memref<?xf32>
    }
    scf.yield %half : index
  }
  %result = memref.load %lanes[%c0] : memref<?xf32>
  return %result : f32
}

// C3: elements x[0 .. k) on n rows of y, from `at` on, with the rows' signs.
func.func private @ams_plain_place(%x: memref<?xf32>, %k: index, %n: index,
                                   %signs: memref<?xi8>, %y: memref<?xf32>,
                                   %at: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %zero = arith.constant 0.0 : f32
  // First on powers of two, then on the others.
  %all = scf.for %pass = %c0 to %c2 step %c1 iter_args(%begin = %c0) -> index {
    %others = arith.cmpi eq, %pass, %c1 : index
    %next = scf.for %row = %c0 to %n step %c1 iter_args(%j = %begin) -> index {
      %less = arith.subi %row, %c1 : index
      %common = arith.andi %row, %less : index
      %single = arith.cmpi eq, %common, %c0 : index
      %positive = arith.cmpi ne, %row, %c0 : index
      %power = arith.andi %single, %positive : i1
      %mine = arith.xori %power, %others : i1
      %after = scf.if %mine -> index {
        %inside = arith.cmpi ult, %j, %k : index
        %v = scf.if %inside -> f32 {
          %loaded = memref.load %x[%j] : memref<?xf32>
          scf.yield %loaded : f32
        } else {
          scf.yield %zero : f32
        }
        %sign8 = memref.load %signs[%row] : memref<?xi8>
        %sign = arith.sitofp %sign8 : i8 to f32
        %signed = arith.mulf %v, %sign : f32
        %position = arith.addi %at, %row : index
        memref.store %signed, %y[%position] : memref<?xf32>
        %j1 = arith.addi %j, %c1 : index
        scf.yield %j1 : index
      } else {
        scf.yield %j : index
      }
      scf.yield %after : index
    }
    scf.yield %next : index
  }
  return
}

// C4's transform of the n rows of y from `at` on.
func.func private @ams_plain_transform(%n: index, %y: memref<?xf32>,
                                       %at: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  scf.while (%h = %c1) : (index) -> index {
    %more = arith.cmpi ult, %h, %n : index
    scf.condition(%more) %h : index
  } do {
  ^bb0(%h: index):
    %twice = arith.muli %h, %c2 : index
    scf.for %group = %c0 to %n step %twice {
      scf.for %i = %c0 to %h step %c1 {
        %first = arith.addi %at, %group : index
        %low = arith.addi %first, %i : index
        %high = arith.addi %low, %h : index
        %a = memref.load %y[%low] : memref<?xf32>
        %b = memref.load %y[%high] : memref<?xf32>
        %sum = arith.addf %a, %b : f32
        %difference = arith.subf %a, %b : f32
        memref.store %sum, %y[%low] : memref<?xf32>
        memref.store %difference, %y[%high] : memref<?xf32>
      }
    }
    scf.yield %twice : index
  }
  return
}

// C1 to C4 for an input vector x[0 .. k): y, and where `ismean` means [blocks].
// Blocks are spread where `signs` is not empty; then y has blocks * n elements,
// else k.
func.func private @ams_plain_condition(%x: memref<?xf32>, %k: index, %n: index,
                                       %ismean: i1, %signs: memref<?xi8>,
                                       %y: memref<?xf32>,
                                       %means: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %one = arith.constant 1.0 : f32
  %numsigns = memref.dim %signs, %c0 : memref<?xi8>
  %isspread = arith.cmpi ne, %numsigns, %c0 : index
  %blocks = arith.ceildivsi %k, %n : index
  %even = arith.ceildivsi %k, %blocks : index
  %piece = arith.select %isspread, %even, %n : index
  %block = memref.alloc(%n) : memref<?xf32>
  scf.for %t = %c0 to %blocks step %c1 {
    %begin = arith.muli %t, %piece : index
    %left = arith.subi %k, %begin : index
    %length = arith.minsi %left, %piece : index
    scf.for %i = %c0 to %length step %c1 {
      %e = arith.addi %begin, %i : index
      %v0 = memref.load %x[%e] : memref<?xf32>
      %v = func.call @ams_plain_bf16(%v0) : (f32) -> f32
      memref.store %v, %block[%i] : memref<?xf32>
    }
    scf.if %ismean {
      %sum = func.call @ams_plain_lane_sum(%block, %length)
          : (memref<?xf32>, index) -> f32
      %length64 = arith.index_cast %length : index to i64
      %count = arith.sitofp %length64 : i64 to f32
      %inverse = arith.divf %one, %count : f32
      %mean0 = arith.mulf %sum, %inverse : f32
      %mean = func.call @ams_plain_bf16(%mean0) : (f32) -> f32
      memref.store %mean, %means[%t] : memref<?xf32>
      scf.for %i = %c0 to %length step %c1 {
        %v = memref.load %block[%i] : memref<?xf32>
        %d0 = arith.subf %v, %mean : f32
        %d = func.call @ams_plain_bf16(%d0) : (f32) -> f32
        memref.store %d, %block[%i] : memref<?xf32>
      }
    }
    %at = arith.muli %t, %n : index
    scf.if %isspread {
      func.call @ams_plain_place(%block, %length, %n, %signs, %y, %at)
          : (memref<?xf32>, index, index, memref<?xi8>, memref<?xf32>, index)
          -> ()
      func.call @ams_plain_transform(%n, %y, %at)
          : (index, memref<?xf32>, index) -> ()
    } else {
      scf.for %i = %c0 to %length step %c1 {
        %v = memref.load %block[%i] : memref<?xf32>
        %position = arith.addi %at, %i : index
        memref.store %v, %y[%position] : memref<?xf32>
      }
    }
  }
  return
}

// Philox4x32-10.
func.func private @ams_plain_philox(%c0: i32, %c1: i32, %c2: i32, %c3: i32,
                                    %k0: i32, %k1: i32)
    -> (i32, i32, i32, i32) {
  %begin = arith.constant 0 : index
  %step = arith.constant 1 : index
  %rounds = arith.constant 10 : index
  %m0 = arith.constant 0xD2511F53 : i32
  %m1 = arith.constant 0xCD9E8D57 : i32
  %w0 = arith.constant 0x9E3779B9 : i32
  %w1 = arith.constant 0xBB67AE85 : i32
  %r:6 = scf.for %i = %begin to %rounds step %step
      iter_args(%a = %c0, %b = %c1, %c = %c2, %d = %c3, %x = %k0, %y = %k1)
      -> (i32, i32, i32, i32, i32, i32) {
    %low0, %high0 = arith.mului_extended %a, %m0 : i32
    %low1, %high1 = arith.mului_extended %c, %m1 : i32
    %a0 = arith.xori %high1, %b : i32
    %a1 = arith.xori %a0, %x : i32
    %e0 = arith.xori %high0, %d : i32
    %e1 = arith.xori %e0, %y : i32
    %x1 = arith.addi %x, %w0 : i32
    %y1 = arith.addi %y, %w1 : i32
    scf.yield %a1, %low1, %e1, %low0, %x1, %y1 : i32, i32, i32, i32, i32, i32
  }
  return %r#0, %r#1, %r#2, %r#3 : i32, i32, i32, i32
}

// N1 to N6: u, uniform in (-1/2, 1/2), of the ADC (source 0, repeat 0).
func.func private @ams_plain_uniform(%layer: i64, %vector: i64, %block: i64,
                                     %row: i64) -> f32 {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : i64
  %three = arith.constant 3 : i64
  %two = arith.constant 2 : i64
  %seven = arith.constant 7 : i64
  %eight = arith.constant 8 : i64
  %sixteen = arith.constant 16 : i64
  %twenty = arith.constant 20 : i64
  %thirtytwo = arith.constant 32 : i64
  %sixtyfour = arith.constant 64 : i64
  %state = memref.get_global @ams_plain_state : memref<4xi64>
  %seed = memref.load %state[%zero] : memref<4xi64>
  %key0 = arith.trunci %seed : i64 to i32
  %seedhigh = arith.shrui %seed, %thirtytwo : i64
  %key1 = arith.trunci %seedhigh : i64 to i32
  // N4.
  %group = arith.divui %row, %sixtyfour : i64
  %group8 = arith.muli %group, %eight : i64
  %pair = arith.divui %row, %two : i64
  %lane = arith.andi %pair, %seven : i64
  %word0 = arith.addi %group8, %lane : i64
  %vectorhigh = arith.shrui %vector, %thirtytwo : i64
  %vectorshifted = arith.shli %vectorhigh, %twenty : i64
  %word1 = arith.addi %block, %vectorshifted : i64
  %c0 = arith.trunci %word0 : i64 to i32
  %c1 = arith.trunci %word1 : i64 to i32
  %c2 = arith.trunci %vector : i64 to i32
  %c3 = arith.trunci %layer : i64 to i32
  %w:4 = func.call @ams_plain_philox(%c0, %c1, %c2, %c3, %key0, %key1)
      : (i32, i32, i32, i32, i32, i32) -> (i32, i32, i32, i32)
  // N5.
  %sixteens = arith.divui %row, %sixteen : i64
  %q = arith.andi %sixteens, %three : i64
  %p = arith.andi %row, %one : i64
  %isodd = arith.trunci %p : i64 to i1
  %firstpair = arith.cmpi ult, %q, %two : i64
  %low01 = arith.select %isodd, %w#0, %w#1 : i32
  %low23 = arith.select %isodd, %w#2, %w#3 : i32
  %word = arith.select %firstpair, %low01, %low23 : i32
  %qodd = arith.andi %q, %one : i64
  %ishigh = arith.trunci %qodd : i64 to i1
  %shift = arith.constant 16 : i32
  %upper = arith.shrui %word, %shift : i32
  %half = arith.select %ishigh, %upper, %word : i32
  %draw = arith.trunci %half : i32 to i16
  // N6.
  %integer = arith.sitofp %draw : i16 to f32
  %center = arith.constant 0.5 : f32
  %grid = arith.constant 1.52587890625e-05 : f32
  %moved = arith.addf %integer, %center : f32
  %u = arith.mulf %moved, %grid : f32
  return %u : f32
}

// A1 to D5 for one input vector and outputs 0 .. outputs of one product:
// y[out + i] from the vector's codes xq [blocks, n] and scales xs [blocks], and
// the weights' wq [.., blocks, n], ws [.., blocks] from row `first` on. Where
// `ismean`, with the vector's means [blocks] and the weights' sums [.., blocks]
// (C5). `alphas` and `scales` come from each block's gain, or each tile's (G1):
// [groups, ofgroup, blocks], where a tile has `columns` outputs of a group;
// `ofgroup` is 0 where all outputs share.
func.func private @ams_plain_product(
    %xq: memref<?xi8>, %xs: memref<?xbf16>, %wq: memref<?xi8>,
    %ws: memref<?xbf16>, %ismean: i1, %means: memref<?xf32>,
    %sums: memref<?xf32>, %y: memref<?xf32>, %out: index, %first: index,
    %outputs: index, %blocks: index, %n: index, %alphas: memref<?xf32>, %scales: memref<?xf32>,
    %columns: index, %ofgroup: index,
    %limit: f32, %rounds: i1, %width: f32, %layer: i64, %vector: i64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %zero32 = arith.constant 0 : i32
  %zero64 = arith.constant 0 : i64
  %zero = arith.constant 0.0 : f32
  // The sum starts at -0, which leaves the first partial as it is (D4).
  %start = arith.constant -0.0 : f32
  %minus = arith.negf %limit : f32
  %state = memref.get_global @ams_plain_state : memref<4xi64>
  %on = memref.load %state[%c2] : memref<4xi64>
  %ison = arith.cmpi ne, %on, %zero64 : i64
  %haswidth = arith.cmpf ogt, %width, %zero : f32
  %noisy = arith.andi %ison, %haswidth : i1
  %group = arith.divui %first, %outputs : index
  %grouptile = arith.muli %group, %ofgroup : index
  scf.for %i = %c0 to %outputs step %c1 {
    %row = arith.addi %first, %i : index
    %column = arith.divui %i, %columns : index
    %tile = arith.addi %grouptile, %column : index
    %gains = arith.muli %tile, %blocks : index
    %sum = scf.for %t = %c0 to %blocks step %c1 iter_args(%acc = %start) -> f32 {
      %wblock0 = arith.muli %row, %blocks : index
      %wblock = arith.addi %wblock0, %t : index
      %wbegin = arith.muli %wblock, %n : index
      %xbegin = arith.muli %t, %n : index
      // A1.
      %d = scf.for %e = %c0 to %n step %c1 iter_args(%dot = %zero32) -> i32 {
        %wi = arith.addi %wbegin, %e : index
        %xi = arith.addi %xbegin, %e : index
        %w8 = memref.load %wq[%wi] : memref<?xi8>
        %x8 = memref.load %xq[%xi] : memref<?xi8>
        %w32 = arith.extsi %w8 : i8 to i32
        %x32 = arith.extsi %x8 : i8 to i32
        %product = arith.muli %w32, %x32 : i32
        %next = arith.addi %dot, %product : i32
        scf.yield %next : i32
      }
      %df = arith.sitofp %d : i32 to f32
      %gain = arith.addi %gains, %t : index
      %alpha = memref.load %alphas[%gain] : memref<?xf32>
      %a = arith.mulf %df, %alpha : f32
      // A2.
      %analog = scf.if %noisy -> f32 {
        %block64 = arith.index_cast %t : index to i64
        %row64 = arith.index_cast %row : index to i64
        %u = func.call @ams_plain_uniform(%layer, %vector, %block64, %row64)
            : (i64, i64, i64, i64) -> f32
        %e = arith.mulf %width, %u : f32
        %sum = arith.addf %a, %e : f32
        scf.yield %sum : f32
      } else {
        scf.yield %a : f32
      }
      %rounded = math.roundeven %analog : f32
      %lower = arith.maximumf %rounded, %minus : f32
      %clamped = arith.minimumf %lower, %limit : f32
      %c = arith.fptosi %clamped : f32 to i32
      // D2, D3, D5.
      %wsb = memref.load %ws[%wblock] : memref<?xbf16>
      %xsb = memref.load %xs[%t] : memref<?xbf16>
      %sw = arith.extf %wsb : bf16 to f32
      %sx = arith.extf %xsb : bf16 to f32
      %scale = memref.load %scales[%gain] : memref<?xf32>
      %r0 = arith.mulf %scale, %sw : f32
      %r = arith.mulf %r0, %sx : f32
      %cf = arith.sitofp %c : i32 to f32
      %exact = arith.mulf %cf, %r : f32
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

// N3: index of input vector `v` of this call, where a sample has `persample`.
func.func private @ams_plain_vector(%v: index, %persample: i64) -> i64 {
  %c1 = arith.constant 1 : index
  %state = memref.get_global @ams_plain_state : memref<4xi64>
  %sample = memref.load %state[%c1] : memref<4xi64>
  %base = arith.muli %sample, %persample : i64
  %v64 = arith.index_cast %v : index to i64
  %vector = arith.addi %base, %v64 : i64
  return %vector : i64
}

// ams.mvm with a window (without: a 1 x 1 window on 1 x 1 images): x is
// [images, h, w, groups * c], y is [images, oh, ow, groups * outputs]. Means are
// removed where `sums` is not empty, blocks spread where `signs` is not.
func.func private @ams_plain_mvm(
    %x: memref<?xf32>, %wq: memref<?xi8>, %ws: memref<?xbf16>,
    %sums: memref<?xf32>, %signs: memref<?xi8>, %y: memref<?xf32>, %images: index, %h: index, %w: index, %c: index,
    %kh: index, %kw: index, %stride_h: index, %stride_w: index,
    %dilation_h: index, %dilation_w: index, %top: index, %left: index,
    %oh: index, %ow: index, %groups: index, %outputs: index, %n: index,
    %limit_x: f32, %alphas: memref<?xf32>, %scales: memref<?xf32>,
    %columns: index, %ofgroup: index, %limit_y: f32, %rounds: i1,
    %width: f32, %layer: i64, %persample: i64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
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
  %xq = memref.alloc(%padded) : memref<?xi8>
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
          func.call @ams_plain_quantize(%conditioned, %elements, %n, %limit_x,
              %xq, %xs, %c0)
              : (memref<?xf32>, index, index, f32, memref<?xi8>, memref<?xbf16>,
                 index) -> ()
          %first = arith.muli %g, %outputs : index
          %out = arith.addi %pixel, %first : index
          func.call @ams_plain_product(%xq, %xs, %wq, %ws, %ismean, %means, %sums,
              %y, %out, %first, %outputs, %blocks, %n, %alphas, %scales, %columns, %ofgroup, %limit_y,
              %rounds, %width, %layer, %vector)
              : (memref<?xi8>, memref<?xbf16>, memref<?xi8>, memref<?xbf16>, i1,
                 memref<?xf32>, memref<?xf32>, memref<?xf32>, index, index, index, index, index, memref<?xf32>,
                 memref<?xf32>, index, index, f32,
                 i1, f32, i64, i64) -> ()
        }
      }
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

// Copies x[at .. at + k) to v[0 .. k).
func.func private @ams_plain_vector_copy(%x: memref<?xf32>, %at: index,
                                         %k: index, %v: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %e = %c0 to %k step %c1 {
    %position = arith.addi %at, %e : index
    %value = memref.load %x[%position] : memref<?xf32>
    memref.store %value, %v[%e] : memref<?xf32>
  }
  return
}

// ams.batch_matmul: a [batch, m, k], b [batch, outputs, k], y [batch, m, outputs].
func.func private @ams_plain_batch_matmul(
    %a: memref<?xf32>, %b: memref<?xf32>, %y: memref<?xf32>, %batch: index,
    %m: index, %outputs: index, %k: index, %n: index, %limit_a: f32,
    %limit_b: f32, %alphas: memref<?xf32>, %scales: memref<?xf32>,
    %columns: index, %ofgroup: index, %limit_y: f32, %rounds: i1,
    %width: f32, %layer: i64, %persample: i64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %blocks = arith.ceildivsi %k, %n : index
  %padded = arith.muli %blocks, %n : index
  %wblocks = arith.muli %outputs, %blocks : index
  %wpadded = arith.muli %wblocks, %n : index
  %v = memref.alloc(%k) : memref<?xf32>
  %xq = memref.alloc(%padded) : memref<?xi8>
  %xs = memref.alloc(%blocks) : memref<?xbf16>
  %wq = memref.alloc(%wpadded) : memref<?xi8>
  %ws = memref.alloc(%wblocks) : memref<?xbf16>
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
          : (memref<?xf32>, index, index, f32, memref<?xi8>, memref<?xbf16>,
             index) -> ()
    }
    scf.for %i = %c0 to %m step %c1 {
      %r0 = arith.muli %s, %m : index
      %r1 = arith.addi %r0, %i : index
      %at = arith.muli %r1, %k : index
      func.call @ams_plain_vector_copy(%a, %at, %k, %v)
          : (memref<?xf32>, index, index, memref<?xf32>) -> ()
      func.call @ams_plain_quantize(%v, %k, %n, %limit_a, %xq, %xs, %c0)
          : (memref<?xf32>, index, index, f32, memref<?xi8>, memref<?xbf16>,
             index) -> ()
      %vector = func.call @ams_plain_vector(%r1, %persample)
          : (index, i64) -> i64
      %out = arith.muli %r1, %outputs : index
      func.call @ams_plain_product(%xq, %xs, %wq, %ws, %plain, %v, %v, %y, %out,
          %c0, %outputs, %blocks, %n, %alphas, %scales, %columns, %ofgroup, %limit_y, %rounds, %width,
          %layer, %vector)
          : (memref<?xi8>, memref<?xbf16>, memref<?xi8>, memref<?xbf16>, i1,
             memref<?xf32>, memref<?xf32>, memref<?xf32>, index, index, index, index, index, memref<?xf32>,
                 memref<?xf32>, index, index, f32, i1,
             f32, i64, i64) -> ()
    }
  }
  return
}

// ams.quantize: x [vectors, k] to codes [vectors, blocks, n], scales [vectors,
// blocks].
func.func private @ams_plain_quantize_all(%x: memref<?xf32>, %vectors: index,
                                          %k: index, %n: index, %limit: f32,
                                          %codes: memref<?xi8>,
                                          %scales: memref<?xbf16>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %blocks = arith.ceildivsi %k, %n : index
  %v = memref.alloc(%k) : memref<?xf32>
  scf.for %i = %c0 to %vectors step %c1 {
    %at = arith.muli %i, %k : index
    func.call @ams_plain_vector_copy(%x, %at, %k, %v)
        : (memref<?xf32>, index, index, memref<?xf32>) -> ()
    %block = arith.muli %i, %blocks : index
    func.call @ams_plain_quantize(%v, %k, %n, %limit, %codes, %scales, %block)
        : (memref<?xf32>, index, index, f32, memref<?xi8>, memref<?xbf16>,
           index) -> ()
  }
  return
}

// Conditions weights w [vectors, k] (C1 to C4) and quantises them: codes
// [vectors, blocks, n], scales and, where means are removed, sums [vectors,
// blocks]. Blocks are spread where `signs` is not empty.
func.func private @ams_plain_program(%w: memref<?xf32>, %vectors: index,
                                     %k: index, %n: index, %limit: f32,
                                     %signs: memref<?xi8>, %codes: memref<?xi8>,
                                     %scales: memref<?xbf16>,
                                     %sums: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %one = arith.constant 1.0 : f32
  %no = arith.constant false
  %numsums = memref.dim %sums, %c0 : memref<?xf32>
  %ismean = arith.cmpi ne, %numsums, %c0 : index
  %numsigns = memref.dim %signs, %c0 : memref<?xi8>
  %isspread = arith.cmpi ne, %numsigns, %c0 : index
  %blocks = arith.ceildivsi %k, %n : index
  %padded = arith.muli %blocks, %n : index
  %elements = arith.select %isspread, %padded, %k : index
  %even = arith.ceildivsi %k, %blocks : index
  %piece = arith.select %isspread, %even, %n : index
  %n64 = arith.index_cast %n : index to i64
  %nf32 = arith.sitofp %n64 : i64 to f32
  %inverse = arith.divf %one, %nf32 : f32
  %v = memref.alloc(%k) : memref<?xf32>
  %block = memref.alloc(%n) : memref<?xf32>
  %conditioned = memref.alloc(%elements) : memref<?xf32>
  scf.for %i = %c0 to %vectors step %c1 {
    %at = arith.muli %i, %k : index
    func.call @ams_plain_vector_copy(%w, %at, %k, %v)
        : (memref<?xf32>, index, index, memref<?xf32>) -> ()
    %row = arith.muli %i, %blocks : index
    // The sums of weights as they were (C2).
    scf.if %ismean {
      scf.for %t = %c0 to %blocks step %c1 {
        %begin = arith.muli %t, %piece : index
        %left = arith.subi %k, %begin : index
        %length = arith.minsi %left, %piece : index
        scf.for %j = %c0 to %length step %c1 {
          %e = arith.addi %begin, %j : index
          %x0 = memref.load %v[%e] : memref<?xf32>
          %x = func.call @ams_plain_bf16(%x0) : (f32) -> f32
          memref.store %x, %block[%j] : memref<?xf32>
        }
        %sum = func.call @ams_plain_lane_sum(%block, %length)
            : (memref<?xf32>, index) -> f32
        %position = arith.addi %row, %t : index
        memref.store %sum, %sums[%position] : memref<?xf32>
      }
    }
    func.call @ams_plain_condition(%v, %k, %n, %no, %signs, %conditioned, %sums)
        : (memref<?xf32>, index, index, i1, memref<?xi8>, memref<?xf32>,
           memref<?xf32>) -> ()
    scf.if %isspread {
      scf.for %e = %c0 to %elements step %c1 {
        %x = memref.load %conditioned[%e] : memref<?xf32>
        %scaled = arith.mulf %x, %inverse : f32
        memref.store %scaled, %conditioned[%e] : memref<?xf32>
      }
    }
    func.call @ams_plain_quantize(%conditioned, %elements, %n, %limit, %codes,
        %scales, %row)
        : (memref<?xf32>, index, index, f32, memref<?xi8>, memref<?xbf16>,
           index) -> ()
  }
  return
}

// ams.dequantize (Q6): y [vectors, k]; bin is float32(1 / L).
func.func private @ams_plain_dequantize(%codes: memref<?xi8>,
                                        %scales: memref<?xbf16>,
                                        %vectors: index, %k: index, %n: index,
                                        %bin: f32, %y: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %blocks = arith.ceildivsi %k, %n : index
  scf.for %i = %c0 to %vectors step %c1 {
    scf.for %e = %c0 to %k step %c1 {
      %t = arith.divsi %e, %n : index
      %b0 = arith.muli %i, %blocks : index
      %block = arith.addi %b0, %t : index
      %first = arith.muli %block, %n : index
      %rest = arith.remsi %e, %n : index
      %at = arith.addi %first, %rest : index
      %code = memref.load %codes[%at] : memref<?xi8>
      %sbf16 = memref.load %scales[%block] : memref<?xbf16>
      %s = arith.extf %sbf16 : bf16 to f32
      %step = arith.mulf %s, %bin : f32
      %q = arith.sitofp %code : i8 to f32
      %v0 = arith.mulf %q, %step : f32
      %v = func.call @ams_plain_bf16(%v0) : (f32) -> f32
      %o0 = arith.muli %i, %k : index
      %o = arith.addi %o0, %e : index
      memref.store %v, %y[%o] : memref<?xf32>
    }
  }
  return
}

// ams.add_noise: T1, T3 and T4 for y [samples, elements] and rows [channels,
// classes] of a table.
func.func private @ams_plain_add_noise(
    %table: memref<?xf32>, %y: memref<?xf32>, %layer: i64, %samples: index,
    %elements: index, %channels: index, %classes: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %zero64 = arith.constant 0 : i64
  %one64 = arith.constant 1 : i64
  %state = memref.get_global @ams_plain_state : memref<4xi64>
  %on = memref.load %state[%c2] : memref<4xi64>
  %ison = arith.cmpi ne, %on, %zero64 : i64
  scf.if %ison {
    scf.for %s = %c0 to %samples step %c1 {
      %sample = func.call @ams_plain_vector(%s, %one64) : (index, i64) -> i64
      scf.for %e = %c0 to %elements step %c1 {
        %start = arith.muli %s, %elements : index
        %at = arith.addi %start, %e : index
        %value = memref.load %y[%at] : memref<?xf32>
        %channel = arith.remui %e, %channels : index
        %first = arith.muli %channel, %classes : index
        %row = func.call @ams_plain_noise_row(%table, %first, %classes, %value)
            : (memref<?xf32>, index, index, f32) -> index
        %e64 = arith.index_cast %e : index to i64
        %w = func.call @ams_plain_noise_word(%layer, %sample, %e64)
            : (i64, i64, i64) -> i32
        %noise = func.call @ams_plain_noise_draw(%table, %row, %w)
            : (memref<?xf32>, index, i32) -> f32
        %sum = arith.addf %value, %noise : f32
        memref.store %sum, %y[%at] : memref<?xf32>
      }
    }
  }
  return
}

// T1: where the row of an element begins, of the rows from `first` on.
func.func private @ams_plain_noise_row(%table: memref<?xf32>, %first: index,
                                       %classes: index, %value: f32) -> index {
  %c1 = arith.constant 1 : index
  %size = arith.constant 641 : index
  %begin = arith.muli %first, %size : index
  %magnitude = math.absf %value : f32
  %row = scf.for %m = %c1 to %classes step %c1 iter_args(%found = %begin)
      -> index {
    %skipped = arith.muli %m, %size : index
    %at = arith.addi %begin, %skipped : index
    %bound = memref.load %table[%at] : memref<?xf32>
    %reaches = arith.cmpf oge, %magnitude, %bound : f32
    %next = arith.select %reaches, %at, %found : index
    scf.yield %next : index
  }
  return %row : index
}

// T3: the word of a draw.
func.func private @ams_plain_noise_word(%layer: i64, %sample: i64,
                                        %element: i64) -> i32 {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : i64
  %two = arith.constant 2 : i64
  %three = arith.constant 3 : i64
  %fifteen = arith.constant 15 : i64
  %sixteen = arith.constant 16 : i64
  %twenty = arith.constant 20 : i64
  %thirtytwo = arith.constant 32 : i64
  %sixtyfour = arith.constant 64 : i64
  %source = arith.constant 0x40000 : i64
  %state = memref.get_global @ams_plain_state : memref<4xi64>
  %seed = memref.load %state[%zero] : memref<4xi64>
  %key0 = arith.trunci %seed : i64 to i32
  %seedhigh = arith.shrui %seed, %thirtytwo : i64
  %key1 = arith.trunci %seedhigh : i64 to i32
  %group = arith.divui %element, %sixtyfour : i64
  %group16 = arith.muli %group, %sixteen : i64
  %lane = arith.andi %element, %fifteen : i64
  %word0 = arith.addi %group16, %lane : i64
  %samplehigh = arith.shrui %sample, %thirtytwo : i64
  %word1 = arith.shli %samplehigh, %twenty : i64
  %word3 = arith.addi %layer, %source : i64
  %c0 = arith.trunci %word0 : i64 to i32
  %c1 = arith.trunci %word1 : i64 to i32
  %c2 = arith.trunci %sample : i64 to i32
  %c3 = arith.trunci %word3 : i64 to i32
  %w:4 = func.call @ams_plain_philox(%c0, %c1, %c2, %c3, %key0, %key1)
      : (i32, i32, i32, i32, i32, i32) -> (i32, i32, i32, i32)
  %sixteens = arith.divui %element, %sixteen : i64
  %q = arith.andi %sixteens, %three : i64
  %first = arith.cmpi ult, %q, %two : i64
  %qodd = arith.andi %q, %one : i64
  %isodd = arith.trunci %qodd : i64 to i1
  %word01 = arith.select %isodd, %w#1, %w#0 : i32
  %word23 = arith.select %isodd, %w#3, %w#2 : i32
  %word = arith.select %first, %word01, %word23 : i32
  return %word : i32
}

// T4: the noise that word `w` draws from the row that begins at `row`.
func.func private @ams_plain_noise_draw(%table: memref<?xf32>, %row: index,
                                        %w: i32) -> f32 {
  %one = arith.constant 1 : index
  %columns = arith.constant 128 : index
  %lows = arith.constant 129 : index
  %slopes = arith.constant 256 : index
  %none = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %one32 = arith.constant 1 : i32
  %top = arith.constant 25 : i32
  %mask = arith.constant 0xffffff : i32
  %unit = arith.constant 0x33800000 : f32
  %column32 = arith.shrui %w, %top : i32
  %column = arith.index_castui %column32 : i32 to index
  %shifted = arith.shrui %w, %one32 : i32
  %fraction = arith.andi %shifted, %mask : i32
  %whole = arith.uitofp %fraction : i32 to f32
  %f = arith.mulf %whole, %unit : f32
  %at = arith.addi %row, %column : index
  %thresholdat = arith.addi %at, %one : index
  %threshold = memref.load %table[%thresholdat] : memref<?xf32>
  %isown = arith.cmpf olt, %f, %threshold : f32
  %side = arith.select %isown, %none, %columns : index
  %begin = arith.select %isown, %zero, %threshold : f32
  %sideat = arith.addi %at, %side : index
  %lowat = arith.addi %sideat, %lows : index
  %slopeat = arith.addi %lowat, %slopes : index
  %low = memref.load %table[%lowat] : memref<?xf32>
  %slope = memref.load %table[%slopeat] : memref<?xf32>
  %inside = arith.subf %f, %begin : f32
  %part = arith.mulf %slope, %inside : f32
  %noise = arith.addf %low, %part : f32
  return %noise : f32
}
