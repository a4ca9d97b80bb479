// Converters and what happens between them: docs/spec.md, S8 to S14.

// bow(t), S8.
func.func private @ams_plain_bow(%t: f64) -> f64 {
  %factor = arith.constant 2.59807621135331594029 : f64
  %square = arith.mulf %t, %t : f64
  %cube = arith.mulf %square, %t : f64
  %difference = arith.subf %t, %cube : f64
  %result = arith.mulf %factor, %difference : f64
  return %result : f64
}

// S8 for one vector's codes [blocks, n], of which `elements` are the vector's:
// inputs x [blocks, n] in fixed point.
func.func private @ams_plain_dac(%codes: memref<?xi16>, %elements: index,
                                 %blocks: index, %n: index,
                                 %device: memref<?xf32>,
                                 %normal: memref<?xf32>, %layer: i64,
                                 %vector: i64, %x: memref<?xi16>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c14 = arith.constant 14 : index
  %c15 = arith.constant 15 : index
  %c25 = arith.constant 25 : index
  %source = arith.constant 3 : i64
  %none = arith.constant 0 : i16
  %most32 = memref.load %device[%c1] : memref<?xf32>
  %most = arith.extf %most32 : f32 to f64
  %noise = memref.load %device[%c14] : memref<?xf32>
  %integral32 = memref.load %device[%c15] : memref<?xf32>
  %integral = arith.extf %integral32 : f32 to f64
  %steps = memref.load %device[%c25] : memref<?xf32>
  %deviation = func.call @ams_plain_while_on(%noise) : (f32) -> f32
  scf.for %t = %c0 to %blocks step %c1 {
    %block = arith.index_cast %t : index to i64
    %begin = arith.muli %t, %n : index
    scf.for %k = %c0 to %n step %c1 {
      %position = arith.addi %begin, %k : index
      %inside = arith.cmpi slt, %position, %elements : index
      %value = scf.if %inside -> i16 {
        %code = memref.load %codes[%position] : memref<?xi16>
        %q = arith.sitofp %code : i16 to f64
        %of = arith.divf %q, %most : f64
        %bow = func.call @ams_plain_bow(%of) : (f64) -> f64
        %bent = arith.mulf %integral, %bow : f64
        %sum = arith.addf %q, %bent : f64
        %given = arith.truncf %sum : f64 to f32
        %row = arith.index_cast %k : index to i64
        %error = func.call @ams_plain_normal(%deviation, %normal, %layer,
            %source, %vector, %block, %row)
            : (f32, memref<?xf32>, i64, i64, i64, i64, i64) -> f32
        %noisy = arith.addf %given, %error : f32
        %fixed = func.call @ams_plain_fixed(%noisy, %steps)
            : (f32, f32) -> i16
        scf.yield %fixed : i16
      } else {
        scf.yield %none : i16
      }
      memref.store %value, %x[%position] : memref<?xi16>
    }
  }
  return
}

// S10's deviation for inputs x[at .. at + n), where a unit of the dot product
// is `step` on the ADC.
func.func private @ams_plain_read_deviation(%x: memref<?xi16>, %at: index,
                                            %n: index, %step: f64,
                                            %device: memref<?xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c21 = arith.constant 21 : index
  %c24 = arith.constant 24 : index
  %none = arith.constant 0 : i64
  %zero = arith.constant 0.0 : f32
  %given = memref.load %device[%c21] : memref<?xf32>
  %noise = func.call @ams_plain_while_on(%given) : (f32) -> f32
  %some = arith.cmpf ogt, %noise, %zero : f32
  %result = scf.if %some -> f32 {
    %most32 = memref.load %device[%c0] : memref<?xf32>
    %steps32 = memref.load %device[%c24] : memref<?xf32>
    %most = arith.extf %most32 : f32 to f64
    %steps = arith.extf %steps32 : f32 to f64
    %squares = scf.for %k = %c0 to %n step %c1 iter_args(%sum = %none) -> i64 {
      %position = arith.addi %at, %k : index
      %v16 = memref.load %x[%position] : memref<?xi16>
      %v = arith.extsi %v16 : i16 to i64
      %square = arith.muli %v, %v : i64
      %next = arith.addi %sum, %square : i64
      scf.yield %next : i64
    }
    %square = arith.sitofp %squares : i64 to f64
    %length = math.sqrt %square : f64
    %deviation = arith.extf %noise : f32 to f64
    %r0 = arith.mulf %deviation, %most : f64
    %r1 = arith.mulf %r0, %steps : f64
    %r2 = arith.mulf %r1, %step : f64
    %r3 = arith.mulf %r2, %length : f64
    %rho = arith.truncf %r3 : f64 to f32
    scf.yield %rho : f32
  } else {
    scf.yield %zero : f32
  }
  return %result : f32
}

// S11: `a` as it comes from a column.
func.func private @ams_plain_column(%a: f32, %device: memref<?xf32>,
                                    %normal: memref<?xf32>, %layer: i64,
                                    %block: i64, %row: i64) -> f32 {
  %c8 = arith.constant 8 : index
  %c9 = arith.constant 9 : index
  %c10 = arith.constant 10 : index
  %c11 = arith.constant 11 : index
  %one = arith.constant 1.0 : f32
  %vector = arith.constant 0 : i64
  %ofgain = arith.constant 19 : i64
  %ofoffset = arith.constant 20 : i64
  %mean = memref.load %device[%c8] : memref<?xf32>
  %deviation = memref.load %device[%c9] : memref<?xf32>
  %offset = memref.load %device[%c10] : memref<?xf32>
  %spread = memref.load %device[%c11] : memref<?xf32>
  %gain0 = arith.addf %one, %mean : f32
  %gain1 = func.call @ams_plain_normal(%deviation, %normal, %layer, %ofgain,
      %vector, %block, %row)
      : (f32, memref<?xf32>, i64, i64, i64, i64, i64) -> f32
  %gain = arith.addf %gain0, %gain1 : f32
  %b = arith.mulf %gain, %a : f32
  %off1 = func.call @ams_plain_normal(%spread, %normal, %layer, %ofoffset,
      %vector, %block, %row)
      : (f32, memref<?xf32>, i64, i64, i64, i64, i64) -> f32
  %off = arith.addf %offset, %off1 : f32
  %result = arith.addf %b, %off : f32
  return %result : f32
}

// S13's e for `a`; `static` is the layer without its repeat.
func.func private @ams_plain_adc_noise(%a: f32, %device: memref<?xf32>,
                                       %normal: memref<?xf32>,
                                       %noise: memref<?xf32>, %static: i64,
                                       %layer: i64, %vector: i64, %block: i64,
                                       %row: i64) -> f32 {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c4 = arith.constant 4 : index
  %c5 = arith.constant 5 : index
  %c6 = arith.constant 6 : index
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %novector = arith.constant 0 : i64
  %source = arith.constant 0 : i64
  %ofspread = arith.constant 21 : i64
  %given = memref.load %device[%c4] : memref<?xf32>
  %s = func.call @ams_plain_while_on(%given) : (f32) -> f32
  %some = arith.cmpf ogt, %s, %zero : f32
  %result = scf.if %some -> f32 {
    %columns = memref.load %device[%c5] : memref<?xf32>
    %growth = memref.load %device[%c6] : memref<?xf32>
    %range = memref.load %device[%c2] : memref<?xf32>
    %w = func.call @ams_plain_draw(%layer, %source, %vector, %block, %row)
        : (i64, i64, i64, i64, i64) -> i16
    %numnoise = memref.dim %noise, %c0 : memref<?xf32>
    %istable = arith.cmpi ne, %numnoise, %c0 : index
    %u = scf.if %istable -> f32 {
      %found = func.call @ams_plain_look_up(%noise, %w)
          : (memref<?xf32>, i16) -> f32
      scf.yield %found : f32
    } else {
      %found = func.call @ams_plain_uniform(%w) : (i16) -> f32
      scf.yield %found : f32
    }
    %other = func.call @ams_plain_normal(%columns, %normal, %static, %ofspread,
        %novector, %block, %row)
        : (f32, memref<?xf32>, i64, i64, i64, i64, i64) -> f32
    %relative0 = arith.addf %one, %other : f32
    %relative = arith.maximumf %relative0, %zero : f32
    %scale = arith.mulf %s, %relative : f32
    %e0 = arith.mulf %scale, %u : f32
    %magnitude = math.absf %a : f32
    %inside = arith.minimumf %magnitude, %range : f32
    %share = arith.divf %inside, %range : f32
    %more = arith.mulf %growth, %share : f32
    %grown = arith.addf %one, %more : f32
    %e = arith.mulf %e0, %grown : f32
    scf.yield %e : f32
  } else {
    scf.yield %zero : f32
  }
  return %result : f32
}

// clamp(rne(a), -limit, +limit).
func.func private @ams_plain_code(%a: f32, %limit: f32) -> f32 {
  %minus = arith.negf %limit : f32
  %rounded = math.roundeven %a : f32
  %lower = arith.maximumf %rounded, %minus : f32
  %clamped = arith.minimumf %lower, %limit : f32
  return %clamped : f32
}

// S14's N(code).
func.func private @ams_plain_adc_curve(%code: f32, %device: memref<?xf32>,
                                       %normal: memref<?xf32>) -> f32 {
  %c2 = arith.constant 2 : index
  %c12 = arith.constant 12 : index
  %c13 = arith.constant 13 : index
  %none = arith.constant 0 : i64
  %source = arith.constant 22 : i64
  %root = arith.constant 0x3f3504f3 : f32
  %most = memref.load %device[%c2] : memref<?xf32>
  %integral32 = memref.load %device[%c12] : memref<?xf32>
  %differential = memref.load %device[%c13] : memref<?xf32>
  %integral = arith.extf %integral32 : f32 to f64
  %code64 = arith.extf %code : f32 to f64
  %most64 = arith.extf %most : f32 to f64
  %t = arith.divf %code64, %most64 : f64
  %bow = func.call @ams_plain_bow(%t) : (f64) -> f64
  %bent = arith.mulf %integral, %bow : f64
  %smooth = arith.truncf %bent : f64 to f32
  %moved = arith.addf %code, %most : f32
  %row = arith.fptosi %moved : f32 to i64
  %deviation = arith.mulf %differential, %root : f32
  %step = func.call @ams_plain_normal(%deviation, %normal, %none, %source,
      %none, %none, %row)
      : (f32, memref<?xf32>, i64, i64, i64, i64, i64) -> f32
  %result = arith.addf %smooth, %step : f32
  return %result : f32
}

// A1, A2 and S9 to S14: the code of the dot product of inputs x[xat .. xat + n)
// and cells w[wat .. wat + n). `static` is the layer without its repeat.
func.func private @ams_plain_convert(%x: memref<?xi16>, %xat: index,
                                     %w: memref<?xi16>, %wat: index, %n: index,
                                     %alpha: f32, %device: memref<?xf32>,
                                     %normal: memref<?xf32>,
                                     %noise: memref<?xf32>, %static: i64,
                                     %layer: i64, %vector: i64, %block: i64,
                                     %row: i64) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c7 = arith.constant 7 : index
  %c24 = arith.constant 24 : index
  %c25 = arith.constant 25 : index
  %none = arith.constant 0 : i64
  %ofcommon = arith.constant 1 : i64
  %ofread = arith.constant 2 : i64
  %one = arith.constant 1.0 : f64
  // A1, S9.
  %d = scf.for %e = %c0 to %n step %c1 iter_args(%dot = %none) -> i64 {
    %xi = arith.addi %xat, %e : index
    %wi = arith.addi %wat, %e : index
    %x16 = memref.load %x[%xi] : memref<?xi16>
    %w16 = memref.load %w[%wi] : memref<?xi16>
    %x32 = arith.extsi %x16 : i16 to i32
    %w32 = arith.extsi %w16 : i16 to i32
    %product = arith.muli %x32, %w32 : i32
    %wide = arith.extsi %product : i32 to i64
    %next = arith.addi %dot, %wide : i64
    scf.yield %next : i64
  }
  %ofweights = memref.load %device[%c24] : memref<?xf32>
  %ofinputs = memref.load %device[%c25] : memref<?xf32>
  %units32 = arith.mulf %ofweights, %ofinputs : f32
  %units = arith.extf %units32 : f32 to f64
  %unit = arith.divf %one, %units : f64
  %alpha64 = arith.extf %alpha : f32 to f64
  %step = arith.mulf %alpha64, %unit : f64
  %d64 = arith.sitofp %d : i64 to f64
  %exact = arith.mulf %d64, %step : f64
  %a0 = arith.truncf %exact : f64 to f32
  // S10.
  %rho = func.call @ams_plain_read_deviation(%x, %xat, %n, %step, %device)
      : (memref<?xi16>, index, index, f64, memref<?xf32>) -> f32
  %read = func.call @ams_plain_normal(%rho, %normal, %layer, %ofread, %vector,
      %block, %row) : (f32, memref<?xf32>, i64, i64, i64, i64, i64) -> f32
  %a1 = arith.addf %a0, %read : f32
  %a2 = func.call @ams_plain_column(%a1, %device, %normal, %static, %block,
      %row) : (f32, memref<?xf32>, memref<?xf32>, i64, i64, i64) -> f32
  // S12.
  %common0 = memref.load %device[%c7] : memref<?xf32>
  %common1 = func.call @ams_plain_while_on(%common0) : (f32) -> f32
  %common = func.call @ams_plain_normal(%common1, %normal, %layer, %ofcommon,
      %vector, %block, %none)
      : (f32, memref<?xf32>, i64, i64, i64, i64, i64) -> f32
  %a3 = arith.addf %a2, %common : f32
  // A2, S13.
  %error = func.call @ams_plain_adc_noise(%a3, %device, %normal, %noise,
      %static, %layer, %vector, %block, %row)
      : (f32, memref<?xf32>, memref<?xf32>, memref<?xf32>, i64, i64, i64, i64,
         i64) -> f32
  %a4 = arith.addf %a3, %error : f32
  // S14.
  %limit = memref.load %device[%c2] : memref<?xf32>
  %first = func.call @ams_plain_code(%a4, %limit) : (f32, f32) -> f32
  %bent = func.call @ams_plain_adc_curve(%first, %device, %normal)
      : (f32, memref<?xf32>, memref<?xf32>) -> f32
  %a5 = arith.subf %a4, %bent : f32
  %code = func.call @ams_plain_code(%a5, %limit) : (f32, f32) -> f32
  return %code : f32
}
