// What cells hold: docs/spec.md, S3 to S7.

// S3: v * unit, rounded and clamped.
func.func private @ams_plain_fixed(%v: f32, %unit: f32) -> i16 {
  %most = arith.constant 32767.0 : f32
  %least = arith.constant -32767.0 : f32
  %scaled = arith.mulf %v, %unit : f32
  %rounded = math.roundeven %scaled : f32
  %lower = arith.maximumf %rounded, %least : f32
  %both = arith.minimumf %lower, %most : f32
  %result = arith.fptosi %both : f32 to i16
  return %result : i16
}

// S4: a weight `q` as it is programmed at an address.
func.func private @ams_plain_programmed(%q: f32, %device: memref<?xf32>,
                                        %normal: memref<?xf32>, %layer: i64,
                                        %output: i64, %block: i64, %row: i64)
    -> f32 {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %c17 = arith.constant 17 : index
  %c18 = arith.constant 18 : index
  %zero = arith.constant 0.0 : f32
  %source = arith.constant 16 : i64
  %most = memref.load %device[%c0] : memref<?xf32>
  %constant = memref.load %device[%c16] : memref<?xf32>
  %proportional = memref.load %device[%c17] : memref<?xf32>
  %quadratic = memref.load %device[%c18] : memref<?xf32>
  %magnitude = math.absf %q : f32
  %t = arith.divf %magnitude, %most : f32
  %first = arith.mulf %proportional, %t : f32
  %two = arith.addf %constant, %first : f32
  %second0 = arith.mulf %quadratic, %t : f32
  %second = arith.mulf %second0, %t : f32
  %three = arith.addf %two, %second : f32
  %positive = arith.maximumf %three, %zero : f32
  %deviation = arith.mulf %positive, %most : f32
  %error = func.call @ams_plain_normal(%deviation, %normal, %layer, %source,
      %output, %block, %row)
      : (f32, memref<?xf32>, i64, i64, i64, i64, i64) -> f32
  %w = arith.addf %q, %error : f32
  return %w : f32
}

// S6: what is left of a weight `w` at an address.
func.func private @ams_plain_stuck(%w: f32, %device: memref<?xf32>, %layer: i64,
                                   %output: i64, %block: i64, %row: i64)
    -> f32 {
  %c0 = arith.constant 0 : index
  %c19 = arith.constant 19 : index
  %c20 = arith.constant 20 : index
  %zero = arith.constant 0.0 : f32
  %source = arith.constant 17 : i64
  %again = arith.constant 0x1000000 : i64
  %one32 = arith.constant 1 : i32
  %sixteen32 = arith.constant 16 : i32
  %all = arith.constant 4294967296.0 : f64
  %most = memref.load %device[%c0] : memref<?xf32>
  %low32 = memref.load %device[%c19] : memref<?xf32>
  %high32 = memref.load %device[%c20] : memref<?xf32>
  %rates = arith.addf %low32, %high32 : f32
  %any = arith.cmpf ogt, %rates, %zero : f32
  %result = scf.if %any -> f32 {
    %low64 = arith.extf %low32 : f32 to f64
    %high64 = arith.extf %high32 : f32 to f64
    %low = arith.mulf %low64, %all : f64
    %high = arith.mulf %high64, %all : f64
    %end = arith.addf %low, %high : f64
    %repeat = arith.addi %layer, %again : i64
    %w0 = func.call @ams_plain_draw(%layer, %source, %output, %block, %row)
        : (i64, i64, i64, i64, i64) -> i16
    %w1 = func.call @ams_plain_draw(%repeat, %source, %output, %block, %row)
        : (i64, i64, i64, i64, i64) -> i16
    %lower = arith.extui %w0 : i16 to i32
    %upper0 = arith.extui %w1 : i16 to i32
    %upper = arith.shli %upper0, %sixteen32 : i32
    %u32 = arith.ori %upper, %lower : i32
    %u = arith.uitofp %u32 : i32 to f64
    %islow = arith.cmpf olt, %u, %low : f64
    %isstuck = arith.cmpf olt, %u, %end : f64
    %bit = arith.andi %u32, %one32 : i32
    %isodd = arith.trunci %bit : i32 to i1
    %least = arith.negf %most : f32
    %end0 = arith.select %isodd, %least, %most : f32
    %end1 = arith.select %isstuck, %end0, %w : f32
    %end2 = arith.select %islow, %zero, %end1 : f32
    scf.yield %end2 : f32
  } else {
    scf.yield %w : f32
  }
  return %result : f32
}

// S7 for the n cells from `at` on.
func.func private @ams_plain_drop(%device: memref<?xf32>, %n: index,
                                  %cells: memref<?xi16>, %at: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c22 = arith.constant 22 : index
  %c24 = arith.constant 24 : index
  %none = arith.constant 0 : i64
  %zero = arith.constant 0.0 : f64
  %one = arith.constant 1.0 : f64
  %two = arith.constant 2.0 : f64
  %unit = arith.constant 1.0 : f32
  %most32 = memref.load %device[%c0] : memref<?xf32>
  %loss32 = memref.load %device[%c22] : memref<?xf32>
  %steps32 = memref.load %device[%c24] : memref<?xf32>
  %most = arith.extf %most32 : f32 to f64
  %loss = arith.extf %loss32 : f32 to f64
  %steps = arith.extf %steps32 : f32 to f64
  %some = arith.cmpf ogt, %loss, %zero : f64
  scf.if %some {
    %n64 = arith.index_cast %n : index to i64
    %rows = arith.sitofp %n64 : i64 to f64
    %rows1 = arith.addf %rows, %one : f64
    %full0 = arith.mulf %most, %steps : f64
    %full1 = arith.mulf %full0, %rows : f64
    %full2 = arith.mulf %full1, %rows1 : f64
    %full = arith.divf %full2, %two : f64
    %share = arith.divf %loss, %full : f64
    // Magnitudes of the cells from k on, at first of all; D_k grows by these.
    %sum = scf.for %k = %c0 to %n step %c1 iter_args(%total = %none) -> i64 {
      %position = arith.addi %at, %k : index
      %cell16 = memref.load %cells[%position] : memref<?xi16>
      %cell = arith.extsi %cell16 : i16 to i64
      %magnitude = math.absi %cell : i64
      %next = arith.addi %total, %magnitude : i64
      scf.yield %next : i64
    }
    %end:2 = scf.for %k = %c0 to %n step %c1
        iter_args(%above = %sum, %before = %none) -> (i64, i64) {
      %position = arith.addi %at, %k : index
      %cell16 = memref.load %cells[%position] : memref<?xi16>
      %cell = arith.extsi %cell16 : i16 to i64
      %magnitude = math.absi %cell : i64
      %drop = arith.addi %before, %above : i64
      %left = arith.subi %above, %magnitude : i64
      %dropped = arith.sitofp %drop : i64 to f64
      %lost = arith.mulf %share, %dropped : f64
      %kept0 = arith.subf %one, %lost : f64
      %kept = arith.maximumf %kept0, %zero : f64
      %value = arith.sitofp %cell : i64 to f64
      %exact = arith.mulf %value, %kept : f64
      %rounded = arith.truncf %exact : f64 to f32
      %new = func.call @ams_plain_fixed(%rounded, %unit) : (f32, f32) -> i16
      memref.store %new, %cells[%position] : memref<?xi16>
      scf.yield %left, %drop : i64, i64
    }
  }
  return
}

// S4 to S7 for codes [outputs, blocks, n], whose cells may take their place.
func.func private @ams_plain_cells(%codes: memref<?xi16>, %outputs: index,
                                   %blocks: index, %n: index,
                                   %device: memref<?xf32>,
                                   %normal: memref<?xf32>,
                                   %drift: memref<?xf32>, %layer: i64,
                                   %cells: memref<?xi16>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c24 = arith.constant 24 : index
  %source = arith.constant 18 : i64
  %steps = memref.load %device[%c24] : memref<?xf32>
  %numdrift = memref.dim %drift, %c0 : memref<?xf32>
  %drifts = arith.cmpi ne, %numdrift, %c0 : index
  scf.for %i = %c0 to %outputs step %c1 {
    %output = arith.index_cast %i : index to i64
    scf.for %t = %c0 to %blocks step %c1 {
      %block = arith.index_cast %t : index to i64
      %first0 = arith.muli %i, %blocks : index
      %first1 = arith.addi %first0, %t : index
      %first = arith.muli %first1, %n : index
      scf.for %k = %c0 to %n step %c1 {
        %row = arith.index_cast %k : index to i64
        %position = arith.addi %first, %k : index
        %code = memref.load %codes[%position] : memref<?xi16>
        %q = arith.sitofp %code : i16 to f32
        %programmed = func.call @ams_plain_programmed(%q, %device, %normal,
            %layer, %output, %block, %row)
            : (f32, memref<?xf32>, memref<?xf32>, i64, i64, i64, i64) -> f32
        // S5.
        %drifted = scf.if %drifts -> f32 {
          %w = func.call @ams_plain_draw(%layer, %source, %output, %block, %row)
              : (i64, i64, i64, i64, i64) -> i16
          %left = func.call @ams_plain_look_up(%drift, %w)
              : (memref<?xf32>, i16) -> f32
          %product = arith.mulf %programmed, %left : f32
          scf.yield %product : f32
        } else {
          scf.yield %programmed : f32
        }
        %w = func.call @ams_plain_stuck(%drifted, %device, %layer, %output,
            %block, %row) : (f32, memref<?xf32>, i64, i64, i64, i64) -> f32
        %cell = func.call @ams_plain_fixed(%w, %steps) : (f32, f32) -> i16
        memref.store %cell, %cells[%position] : memref<?xi16>
      }
      func.call @ams_plain_drop(%device, %n, %cells, %first)
          : (memref<?xf32>, index, memref<?xi16>, index) -> ()
    }
  }
  return
}
