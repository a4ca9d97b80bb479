// Conditioned blocks: docs/spec.md, C1 to C4.

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

// Conditions weights w [vectors, k] (C1 to C4) and quantises them: codes
// [vectors, blocks, n], scales and, where means are removed, sums [vectors,
// blocks]. Blocks are spread where `signs` is not empty.
func.func private @ams_plain_program(%w: memref<?xf32>, %vectors: index,
                                     %k: index, %n: index, %limit: f32,
                                     %signs: memref<?xi8>,
                                     %codes: memref<?xi16>,
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
        : (memref<?xf32>, index, index, f32, memref<?xi16>, memref<?xbf16>,
           index) -> ()
  }
  return
}
