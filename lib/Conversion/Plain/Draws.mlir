// What noise is drawn from: docs/spec.md, N1 to N6 and S2.

// ams_abi_plain_state_t: seed, first sample, noise on, device's seed.
memref.global @ams_plain_state : memref<4xi64> = dense<0>

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

// N4, N5: the draw w of an address, whose `layer` has the layer in its bits from
// 0 on and the repeat in those from 24 on. The key is the run's seed (N1), or from
// source 16 on the device's (S1).
func.func private @ams_plain_draw(%layer: i64, %source: i64, %vector: i64,
                                  %block: i64, %row: i64) -> i16 {
  %atseed = arith.constant 0 : index
  %atdevice = arith.constant 3 : index
  %one = arith.constant 1 : i64
  %two = arith.constant 2 : i64
  %three = arith.constant 3 : i64
  %seven = arith.constant 7 : i64
  %eight = arith.constant 8 : i64
  %sixteen = arith.constant 16 : i64
  %twenty = arith.constant 20 : i64
  %thirtytwo = arith.constant 32 : i64
  %sixtyfour = arith.constant 64 : i64
  %shift = arith.constant 16 : i32
  %isdevice = arith.cmpi uge, %source, %sixteen : i64
  %at = arith.select %isdevice, %atdevice, %atseed : index
  %state = memref.get_global @ams_plain_state : memref<4xi64>
  %seed = memref.load %state[%at] : memref<4xi64>
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
  %sourceshifted = arith.shli %source, %sixteen : i64
  %word3 = arith.addi %layer, %sourceshifted : i64
  %c0 = arith.trunci %word0 : i64 to i32
  %c1 = arith.trunci %word1 : i64 to i32
  %c2 = arith.trunci %vector : i64 to i32
  %c3 = arith.trunci %word3 : i64 to i32
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
  %upper = arith.shrui %word, %shift : i32
  %half = arith.select %ishigh, %upper, %word : i32
  %draw = arith.trunci %half : i32 to i16
  return %draw : i16
}

// What `table` has for a draw (S2): its 16 bits, read as unsigned, count.
func.func private @ams_plain_look_up(%table: memref<?xf32>, %w: i16) -> f32 {
  %at = arith.index_castui %w : i16 to index
  %value = memref.load %table[%at] : memref<?xf32>
  return %value : f32
}

// deviation * Z of an address (S2). A deviation of 0 takes no draw.
func.func private @ams_plain_normal(%deviation: f32, %normal: memref<?xf32>,
                                    %layer: i64, %source: i64, %vector: i64,
                                    %block: i64, %row: i64) -> f32 {
  %zero = arith.constant 0.0 : f32
  %some = arith.cmpf une, %deviation, %zero : f32
  %result = scf.if %some -> f32 {
    %w = func.call @ams_plain_draw(%layer, %source, %vector, %block, %row)
        : (i64, i64, i64, i64, i64) -> i16
    %z = func.call @ams_plain_look_up(%normal, %w)
        : (memref<?xf32>, i16) -> f32
    %product = arith.mulf %deviation, %z : f32
    scf.yield %product : f32
  } else {
    scf.yield %zero : f32
  }
  return %result : f32
}

// N6: u, uniform in (-1/2, 1/2).
func.func private @ams_plain_uniform(%w: i16) -> f32 {
  %center = arith.constant 0.5 : f32
  %grid = arith.constant 1.52587890625e-05 : f32
  %integer = arith.sitofp %w : i16 to f32
  %moved = arith.addf %integer, %center : f32
  %u = arith.mulf %moved, %grid : f32
  return %u : f32
}

// `deviation` while the noise is on, else 0.
func.func private @ams_plain_while_on(%deviation: f32) -> f32 {
  %c2 = arith.constant 2 : index
  %none = arith.constant 0 : i64
  %zero = arith.constant 0.0 : f32
  %state = memref.get_global @ams_plain_state : memref<4xi64>
  %on = memref.load %state[%c2] : memref<4xi64>
  %ison = arith.cmpi ne, %on, %none : i64
  %result = arith.select %ison, %deviation, %zero : f32
  return %result : f32
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
