// ABFP's format: docs/spec.md, Q1 to Q6.

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
                                      %limit: f32, %codes: memref<?xi16>,
                                      %scales: memref<?xbf16>, %at: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %sixteen = arith.constant 16 : i32
  %zero = arith.constant 0.0 : f32
  %none = arith.constant 0 : i16
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
      %code = scf.if %inside -> i16 {
        %v0 = memref.load %x[%e] : memref<?xf32>
        %v1 = func.call @ams_plain_bf16(%v0) : (f32) -> f32
        %v = arith.mulf %v1, %factor : f32
        %vl = arith.mulf %v, %limit : f32
        %q = arith.divf %vl, %divisor : f32
        %r = math.roundeven %q : f32
        %lower = arith.maximumf %r, %minus : f32
        %both = arith.minimumf %lower, %limit : f32
        %c = arith.fptosi %both : f32 to i16
        scf.yield %c : i16
      } else {
        scf.yield %none : i16
      }
      %position = arith.addi %first, %i : index
      memref.store %code, %codes[%position] : memref<?xi16>
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

// ams.quantize: x [vectors, k] to codes [vectors, blocks, n], scales [vectors,
// blocks].
func.func private @ams_plain_quantize_all(%x: memref<?xf32>, %vectors: index,
                                          %k: index, %n: index, %limit: f32,
                                          %codes: memref<?xi16>,
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
        : (memref<?xf32>, index, index, f32, memref<?xi16>, memref<?xbf16>,
           index) -> ()
  }
  return
}

// ams.dequantize (Q6): y [vectors, k]; bin is float32(1 / L).
func.func private @ams_plain_dequantize(%codes: memref<?xi16>,
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
      %code = memref.load %codes[%at] : memref<?xi16>
      %sbf16 = memref.load %scales[%block] : memref<?xbf16>
      %s = arith.extf %sbf16 : bf16 to f32
      %step = arith.mulf %s, %bin : f32
      %q = arith.sitofp %code : i16 to f32
      %v0 = arith.mulf %q, %step : f32
      %v = func.call @ams_plain_bf16(%v0) : (f32) -> f32
      %o0 = arith.muli %i, %k : index
      %o = arith.addi %o0, %e : index
      memref.store %v, %y[%o] : memref<?xf32>
    }
  }
  return
}

// Codes of 8 bits as such of 16.
func.func private @ams_plain_widen(%codes: memref<?xi8>,
                                   %wide: memref<?xi16>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %count = memref.dim %codes, %c0 : memref<?xi8>
  scf.for %i = %c0 to %count step %c1 {
    %code = memref.load %codes[%i] : memref<?xi8>
    %same = arith.extsi %code : i8 to i16
    memref.store %same, %wide[%i] : memref<?xi16>
  }
  return
}
