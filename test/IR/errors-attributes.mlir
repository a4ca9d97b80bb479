// Every message of the verifiers of attributes and types.
// RUN: ams-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{rows is 0, but must be from 1 to 1024 (V1)}}
func.func private @rows_0() attributes {a = #ams.device<rows = 0, columns = 4>}

// -----

// expected-error@+1 {{rows is 1025, but must be from 1 to 1024 (V1)}}
func.func private @rows_1025() attributes {a = #ams.device<rows = 1025, columns = 4>}

// -----

// expected-error@+1 {{columns is 0, but must be from 1 to 1048576 (P1)}}
func.func private @columns_0() attributes {a = #ams.device<rows = 8, columns = 0>}

// -----

// expected-error@+1 {{columns is 4294967297, but must be from 1 to 1048576 (P1)}}
func.func private @columns_wrap() attributes {a = #ams.device<rows = 8, columns = 4294967297>}

// -----

// expected-error@+1 {{weight_bits is 1, but must be from 2 to 16 (V3)}}
func.func private @weight_bits_1() attributes {a = #ams.device<rows = 8, columns = 4, weight_bits = 1>}

// -----

// expected-error@+1 {{weight_bits is 17, but must be from 2 to 16 (V3)}}
func.func private @weight_bits_17() attributes {a = #ams.device<rows = 8, columns = 4, weight_bits = 17>}

// -----

// expected-error@+1 {{input_bits is -8, but must be from 2 to 16 (V3)}}
func.func private @input_bits() attributes {a = #ams.device<rows = 8, columns = 4, input_bits = -8>}

// -----

// expected-error@+1 {{input_bits is 17, but must be from 2 to 16 (V3)}}
func.func private @input_bits_17() attributes {a = #ams.device<rows = 8, columns = 4, input_bits = 17>}

// -----

// expected-error@+1 {{output_bits is 1, but must be from 2 to 16 (V3)}}
func.func private @output_bits_1() attributes {a = #ams.device<rows = 8, columns = 4, output_bits = 1>}

// -----

// expected-error@+1 {{output_bits is 17, but must be from 2 to 16 (V3)}}
func.func private @output_bits_17() attributes {a = #ams.device<rows = 8, columns = 4, output_bits = 17>}

// -----

// expected-error@+2 {{expected one of [bf16, f32] for format of partial sums and results, got: f16}}
// expected-error@+1 {{failed to parse AMS_DeviceAttr parameter 'partials'}}
func.func private @partials() attributes {a = #ams.device<rows = 8, columns = 4, partials = f16>}

// -----

// expected-error@+1 {{struct is missing required parameter: columns}}
func.func private @columns_missing() attributes {a = #ams.device<rows = 8>}

// -----

// expected-error@+1 {{noise lists 1 : i64, which is no source of noise; known: #ams.uniform}}
func.func private @noise_unknown() attributes {a = #ams.device<rows = 8, columns = 4, noise = [1]>}

// -----

// expected-error@+2 {{noise lists #ams.uniform twice (F12)}}
func.func private @noise_twice() attributes {
  a = #ams.device<rows = 8, columns = 4, noise = [#ams.uniform<width = 1.0>, #ams.uniform<width = 2.0>]>}

// -----

// expected-error@+1 {{width of uniform noise is -1.000000e+00 LSB, but must be at least 0 and fit into float32 (N6)}}
func.func private @width_negative() attributes {a = #ams.uniform<width = -1.0>}

// -----

// expected-error@+1 {{LSB, but must be at least 0 and fit into float32 (N6)}}
func.func private @width_infinite() attributes {a = #ams.uniform<width = 0x7FF0000000000000>}

// -----

// expected-error@+1 {{LSB, but must be at least 0 and fit into float32 (N6)}}
func.func private @width_nan() attributes {a = #ams.uniform<width = 0x7FF8000000000000>}

// -----

// expected-error@+1 {{width of uniform noise is 1.000000e+39 LSB, but must be at least 0 and fit into float32 (N6)}}
func.func private @width_large() attributes {a = #ams.uniform<width = 1.0e39>}

// -----

// expected-error@+2 {{kernel has 1 elements, but needs 2 (F4)}}
func.func private @kernel_size() attributes {
  a = #ams.window<kernel = [3], strides = [1, 1], padding = [1, 1, 1, 1], dilations = [1, 1], groups = 1>}

// -----

// expected-error@+2 {{kernel is 0, but must be from 1 to 2147483647 (F4)}}
func.func private @kernel_0() attributes {
  a = #ams.window<kernel = [3, 0], strides = [1, 1], padding = [1, 1, 1, 1], dilations = [1, 1], groups = 1>}

// -----

// expected-error@+2 {{strides has 3 elements, but needs 2 (F4)}}
func.func private @strides_size() attributes {
  a = #ams.window<kernel = [3, 3], strides = [1, 1, 1], padding = [1, 1, 1, 1], dilations = [1, 1], groups = 1>}

// -----

// expected-error@+2 {{strides is 0, but must be from 1 to 2147483647 (F4)}}
func.func private @strides_0() attributes {
  a = #ams.window<kernel = [3, 3], strides = [0, 1], padding = [1, 1, 1, 1], dilations = [1, 1], groups = 1>}

// -----

// expected-error@+2 {{padding has 2 elements, but needs 4 (F4)}}
func.func private @padding_size() attributes {
  a = #ams.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], dilations = [1, 1], groups = 1>}

// -----

// expected-error@+2 {{padding is -1, but must be from 0 to 2147483647 (F4)}}
func.func private @padding_negative() attributes {
  a = #ams.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1, 1, -1], dilations = [1, 1], groups = 1>}

// -----

// expected-error@+2 {{dilations has 1 elements, but needs 2 (F4)}}
func.func private @dilations_size() attributes {
  a = #ams.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1, 1, 1], dilations = [1], groups = 1>}

// -----

// expected-error@+2 {{dilations is 2147483648, but must be from 1 to 2147483647 (F4)}}
func.func private @dilations_large() attributes {
  a = #ams.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1, 1, 1], dilations = [1, 2147483648], groups = 1>}

// -----

// expected-error@+2 {{groups is 0, but must be from 1 to 2147483647 (F4)}}
func.func private @groups_0() attributes {
  a = #ams.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1, 1, 1], dilations = [1, 1], groups = 0>}

// -----

// expected-error@+1 {{axis 2 is not a dimension of a shape of 2 (F6)}}
func.func private @abfp_axis(!ams.abfp<2x9, axis = 2, n = 8, bits = 8>)

// -----

// expected-error@+1 {{axis -1 is not a dimension of a shape of 2 (F6)}}
func.func private @abfp_axis_negative(!ams.abfp<2x9, axis = -1, n = 8, bits = 8>)

// -----

// expected-error@+1 {{axis 0 is not a dimension of a shape of 0 (F6)}}
func.func private @abfp_rank_0(!ams.abfp<, axis = 0, n = 8, bits = 8>)

// -----

// expected-error@+1 {{shape has 9 dimensions, but may have 8 (F6)}}
func.func private @abfp_rank_9(!ams.abfp<1x2x1x2x1x2x1x2x9, axis = 8, n = 8, bits = 8>)

// -----

// expected-error@+1 {{dimensions must be at least 1 (F6)}}
func.func private @abfp_empty(!ams.abfp<0x9, axis = 1, n = 8, bits = 8>)

// -----

// expected-error@+1 {{expected static shape}}
func.func private @abfp_dynamic(!ams.abfp<?x9, axis = 1, n = 8, bits = 8>)

// -----

// expected-error@+1 {{n is 1025, but must be from 1 to 1024 (V1)}}
func.func private @abfp_n(!ams.abfp<2x9, axis = 1, n = 1025, bits = 8>)

// -----

// expected-error@+1 {{bits is 17, but must be from 2 to 16 (V3)}}
func.func private @abfp_bits(!ams.abfp<2x9, axis = 1, n = 8, bits = 17>)

// -----

// expected-error@+1 {{vectors of 8388609 elements have more than 1048576 blocks of 8 (N2)}}
func.func private @abfp_blocks(!ams.abfp<8388609, axis = 0, n = 8, bits = 8>)

// -----

// expected-error@+1 {{elements have more than 1048576 blocks of 1024 (N2)}}
func.func private @abfp_vector_wraps(!ams.abfp<1x4294967296x4294967296, axis = 1, n = 1024, bits = 8>)

// -----

// expected-error@+1 {{shape has more elements than 64 bits can count (F6)}}
func.func private @abfp_elements(!ams.abfp<4294967296x4294967296x1, axis = 2, n = 8, bits = 8>)

// -----

// expected-error@+1 {{shape has more elements than 64 bits can count (F6)}}
func.func private @abfp_padded_elements(!ams.abfp<9223372036854775807x1, axis = 1, n = 8, bits = 8>)

// -----

// expected-error@+1 {{outputs, reduction, groups and columns must be at least 1 (F8)}}
func.func private @grid_outputs(!ams.grid<outputs = 0, reduction = 9, groups = 1, rows = 8, columns = 4>)

// -----

// expected-error@+1 {{outputs, reduction, groups and columns must be at least 1 (F8)}}
func.func private @grid_groups(!ams.grid<outputs = 1, reduction = 9, groups = -1, rows = 8, columns = 4>)

// -----

// expected-error@+1 {{rows is 0, but must be from 1 to 1024 (V1)}}
func.func private @grid_rows(!ams.grid<outputs = 1, reduction = 9, groups = 1, rows = 0, columns = 4>)

// -----

// expected-error@+1 {{a grid has at most 4294967296 outputs, all groups counted (N2)}}
func.func private @grid_outputs_limit(!ams.grid<outputs = 2147483649, reduction = 9, groups = 2, rows = 8, columns = 4>)

// -----

// expected-error@+1 {{a grid has at most 4294967296 outputs, all groups counted (N2)}}
func.func private @grid_outputs_wrap(!ams.grid<outputs = 4294967296, reduction = 9, groups = 4294967296, rows = 8, columns = 4>)

// -----

// expected-error@+1 {{a reduction of 8388609 has more than 1048576 blocks of 8 rows (N2)}}
func.func private @grid_blocks(!ams.grid<outputs = 1, reduction = 8388609, groups = 1, rows = 8, columns = 4>)

// -----

// expected-error @+1 {{gains must be positive, finite and ascending numbers, such as [1.0, 2.0, 4.0] (F11)}}
func.func private @gains() attributes {device = #ams.device<rows = 8, columns = 8, gains = [2.0, 1.0]>}

// -----

// expected-error @+1 {{gains must be positive, finite and ascending numbers, such as [1.0, 2.0, 4.0] (F11)}}
func.func private @gains() attributes {device = #ams.device<rows = 8, columns = 8, gains = ["high"]>}

// -----

// expected-error @+1 {{gains must be positive, finite and ascending numbers, such as [1.0, 2.0, 4.0] (F11)}}
func.func private @gains() attributes {device = #ams.device<rows = 8, columns = 8, gains = [0.0]>}

// -----

// expected-error @+1 {{gains: 17 are given; the most is 16 (F11)}}
func.func private @gains() attributes {device = #ams.device<rows = 8, columns = 8, gains = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0]>}
