// What sources of error refuse, alone and in a device's list.
// RUN: ams-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{deviation of normal noise is -1.000000e+00, but must be from 0.000000e+00 to 1.000000e+06 (S13)}}
func.func private @s() attributes {a = #ams.normal<deviation = -1.0>}

// -----

// expected-error@+1 {{deviation of logistic noise is 1.000000e+07, but must be from 0.000000e+00 to 1.000000e+06 (S13)}}
func.func private @s() attributes {a = #ams.logistic<deviation = 1.0e7>}

// -----

// expected-error@+1 {{deviation of normal noise is nan, but must be from 0.000000e+00 to 1.000000e+06 (S13)}}
func.func private @s() attributes {a = #ams.normal<deviation = 0x7FF8000000000000>}

// -----

// expected-error@+1 {{low is 1.000000e+00, but must be below high, 1.000000e+00 (S2)}}
func.func private @s() attributes {a = #ams.histogram<low = 1.0, high = 1.0, weights = [1.0]>}

// -----

// expected-error@+1 {{histogram has 0 weights, but must have from 1 to 128 (S2)}}
func.func private @s() attributes {a = #ams.histogram<low = 0.0, high = 1.0, weights = []>}

// -----

// expected-error@+1 {{every weight of the histogram is 0 (S2)}}
func.func private @s() attributes {a = #ams.histogram<low = 0.0, high = 1.0, weights = [0.0]>}

// -----

// expected-error@+1 {{weight -1.000000e+00 : f64 of a histogram is no number that is at least 0 and fits into float32 (S2)}}
func.func private @s() attributes {a = #ams.histogram<low = 0.0, high = 1.0, weights = [1.0, -1.0]>}

// -----

// expected-error@+1 {{weight "a" of a histogram is no number that is at least 0 and fits into float32 (S2)}}
func.func private @s() attributes {a = #ams.histogram<low = 0.0, high = 1.0, weights = ["a"]>}

// -----

// expected-error@+1 {{columns is -5.000000e-01, but must be from 0.000000e+00 to 1.000000e+01 (S13)}}
func.func private @s() attributes {a = #ams.adc_spread<columns = -0.5>}

// -----

// expected-error@+1 {{growth is -5.000000e-01, but must be from 0.000000e+00 to 1.000000e+03 (S13)}}
func.func private @s() attributes {a = #ams.adc_spread<growth = -0.5>}

// -----

// expected-error@+1 {{deviation of common noise is -1.000000e+00, but must be from 0.000000e+00 to 1.000000e+06 (S12)}}
func.func private @s() attributes {a = #ams.common<deviation = -1.0>}

// -----

// expected-error@+1 {{gain is -1.000000e+00, but must be from 0.000000e+00 to 1.000000e+01 (S11)}}
func.func private @s() attributes {a = #ams.column_error<gain = -1.0>}

// -----

// expected-error@+1 {{gain_deviation is -1.000000e+00, but must be from 0.000000e+00 to 1.000000e+01 (S11)}}
func.func private @s() attributes {a = #ams.column_error<gain_deviation = -1.0>}

// -----

// expected-error@+1 {{offset is 2.000000e+06, but must be from -1.000000e+06 to 1.000000e+06 (S11)}}
func.func private @s() attributes {a = #ams.column_error<offset = 2.0e6>}

// -----

// expected-error@+1 {{offset_deviation is -1.000000e+00, but must be from 0.000000e+00 to 1.000000e+06 (S11)}}
func.func private @s() attributes {a = #ams.column_error<offset_deviation = -1.0>}

// -----

// expected-error@+1 {{integral is 2.000000e+06, but must be from -1.000000e+06 to 1.000000e+06 (S14)}}
func.func private @s() attributes {a = #ams.adc_nonlinearity<integral = 2.0e6>}

// -----

// expected-error@+1 {{differential is -1.000000e+00, but must be from 0.000000e+00 to 1.000000e+06 (S14)}}
func.func private @s() attributes {a = #ams.adc_nonlinearity<differential = -1.0>}

// -----

// expected-error@+1 {{noise is -1.000000e+00, but must be from 0.000000e+00 to 1.000000e+06 (S8)}}
func.func private @s() attributes {a = #ams.dac<noise = -1.0>}

// -----

// expected-error@+1 {{integral is 2.000000e+06, but must be from -1.000000e+06 to 1.000000e+06 (S8)}}
func.func private @s() attributes {a = #ams.dac<integral = 2.0e6>}

// -----

// expected-error@+1 {{constant is 1.100000e+01, but must be from -1.000000e+01 to 1.000000e+01 (S4)}}
func.func private @s() attributes {a = #ams.programming<constant = 11.0>}

// -----

// expected-error@+1 {{proportional is 1.100000e+01, but must be from -1.000000e+01 to 1.000000e+01 (S4)}}
func.func private @s() attributes {a = #ams.programming<proportional = 11.0>}

// -----

// expected-error@+1 {{quadratic is -1.100000e+01, but must be from -1.000000e+01 to 1.000000e+01 (S4)}}
func.func private @s() attributes {a = #ams.programming<quadratic = -11.0>}

// -----

// expected-error@+1 {{low is 1.500000e+00, but must be from 0.000000e+00 to 1.000000e+00 (S6)}}
func.func private @s() attributes {a = #ams.stuck<low = 1.5>}

// -----

// expected-error@+1 {{high is 5.000000e-01, but must be from 0.000000e+00 to 2.500000e-01 (S6)}}
func.func private @s() attributes {a = #ams.stuck<low = 0.75, high = 0.5>}

// -----

// expected-error@+1 {{time is 5.000000e-01, but must be from 1.000000e+00 to 1.000000e+12 (S5)}}
func.func private @s() attributes {a = #ams.drift<time = 0.5, exponent = 0.1>}

// -----

// expected-error@+1 {{reference is 0.000000e+00, but must be from 1.000000e-12 to 1.000000e+12 (S5)}}
func.func private @s() attributes {a = #ams.drift<time = 1.0, reference = 0.0, exponent = 0.1>}

// -----

// expected-error@+1 {{exponent is 2.000000e+00, but must be from 0.000000e+00 to 1.000000e+00 (S5)}}
func.func private @s() attributes {a = #ams.drift<time = 1.0, exponent = 2.0>}

// -----

// expected-error@+1 {{deviation of the exponent is -5.000000e-01, but must be from 0.000000e+00 to 1.000000e+00 (S5)}}
func.func private @s() attributes {a = #ams.drift<time = 1.0, exponent = 0.0, deviation = -0.5>}

// -----

// expected-error@+1 {{time is more than 1e19 times the reference (S5)}}
func.func private @s() attributes {a = #ams.drift<time = 1.0e12, reference = 1.0e-12, exponent = 0.0>}

// -----

// expected-error@+1 {{loss is 1.500000e+00, but must be from 0.000000e+00 to 1.000000e+00 (S7)}}
func.func private @s() attributes {a = #ams.ir_drop<loss = 1.5>}

// -----

// expected-error@+1 {{deviation of read noise is -1.000000e+00, but must be from 0.000000e+00 to 1.000000e+01 (S10)}}
func.func private @s() attributes {a = #ams.read_noise<deviation = -1.0>}

// -----

// expected-error@+1 {{count is 0, but must be from 1 to 256 (S15)}}
func.func private @s() attributes {a = #ams.repeat<count = 0>}

// -----

// expected-error@+1 {{count is 257, but must be from 1 to 256 (S15)}}
func.func private @s() attributes {a = #ams.repeat<count = 257>}

// -----

// expected-error@+1 {{noise lists #ams.stuck twice (F12)}}
func.func private @s() attributes {a = #ams.device<rows = 8, columns = 4, noise = [#ams.stuck<>, #ams.stuck<low = 0.5>]>}

// -----

// expected-error@+1 {{noise lists two kinds of ADC noise, #ams.normal<deviation = 1.000000e+00> and #ams.uniform<width = 1.000000e+00> (F12)}}
func.func private @s() attributes {a = #ams.device<rows = 8, columns = 4, noise = [#ams.normal<deviation = 1.0>, #ams.uniform<width = 1.0>]>}

// -----

// expected-error@+1 {{noise lists #ams.adc_spread without a kind of ADC noise that it could spread (F12)}}
func.func private @s() attributes {a = #ams.device<rows = 8, columns = 4, noise = [#ams.adc_spread<columns = 0.5>]>}
