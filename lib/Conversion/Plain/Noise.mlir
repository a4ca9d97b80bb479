// Differential noise: docs/spec.md, T1 to T4.

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
