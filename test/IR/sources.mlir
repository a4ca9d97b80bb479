// Every source of error through the parser and the printer, twice; numbers that
// are their default are left out.
// RUN: ams-opt %s | ams-opt | FileCheck %s
// RUN: ams-opt %s | ams-opt | FileCheck %s --check-prefix=DEVICE

// CHECK: #ams.uniform<width = 1.000000e+00>
func.func private @uniform() attributes {a = #ams.uniform<width = 1.0>}
// CHECK: #ams.normal<deviation = 5.000000e-01>
func.func private @normal() attributes {a = #ams.normal<deviation = 0.5>}
// CHECK: #ams.logistic<deviation = 1.500000e+00>
func.func private @logistic() attributes {a = #ams.logistic<deviation = 1.5>}
// CHECK: #ams.histogram<low = -2.000000e+00, high = 2.000000e+00, weights = [1.000000e+00, 4.000000e+00]>
func.func private @histogram() attributes {a = #ams.histogram<low = -2.0, high = 2.0, weights = [1.0, 4.0]>}
// CHECK: #ams.adc_spread<columns = 2.500000e-01>
func.func private @adc_spread() attributes {a = #ams.adc_spread<columns = 0.25, growth = 0.0>}
// CHECK: #ams.common<deviation = 5.000000e-01>
func.func private @common() attributes {a = #ams.common<deviation = 0.5>}
// CHECK: #ams.column_error<gain = 7.500000e-01, offset_deviation = 5.000000e-01>
func.func private @column_error() attributes {a = #ams.column_error<gain = 0.75, offset_deviation = 0.5>}
// CHECK: #ams.adc_nonlinearity<differential = 2.500000e-01>
func.func private @adc_nonlinearity() attributes {a = #ams.adc_nonlinearity<differential = 0.25>}
// CHECK: #ams.dac<noise = 2.500000e-01, integral = -5.000000e-01>
func.func private @dac() attributes {a = #ams.dac<noise = 0.25, integral = -0.5>}
// CHECK: #ams.programming<constant = 1.250000e-01, quadratic = -2.500000e-01>
func.func private @programming() attributes {a = #ams.programming<constant = 0.125, quadratic = -0.25>}
// CHECK: #ams.stuck<low = 5.000000e-01, high = 2.500000e-01>
func.func private @stuck() attributes {a = #ams.stuck<low = 0.5, high = 0.25>}
// CHECK: #ams.drift<time = 8.000000e+00, exponent = 5.000000e-01, compensated = true>
func.func private @drift() attributes {a = #ams.drift<time = 8.0, exponent = 0.5, compensated = true>}
// CHECK: #ams.ir_drop<loss = 5.000000e-01>
func.func private @ir_drop() attributes {a = #ams.ir_drop<loss = 0.5>}
// CHECK: #ams.read_noise<deviation = 5.000000e-01>
func.func private @read_noise() attributes {a = #ams.read_noise<deviation = 0.5>}
// CHECK: #ams.repeat<count = 256>
func.func private @repeat() attributes {a = #ams.repeat<count = 256>}

// One of each kind in one device, in any order.
// DEVICE: #ams.repeat<count = 2>, #ams.normal<deviation = 1.000000e+00>
// DEVICE-SAME: #ams.read_noise<deviation = 0.000000e+00>]>
func.func private @device() attributes {
  a = #ams.device<rows = 8, columns = 4, weight_bits = 16, input_bits = 9, noise = [
    #ams.repeat<count = 2>, #ams.normal<deviation = 1.0>, #ams.adc_spread<>,
    #ams.common<deviation = 0.0>, #ams.column_error<>, #ams.adc_nonlinearity<>,
    #ams.dac<>, #ams.programming<>, #ams.stuck<>, #ams.ir_drop<loss = 0.0>,
    #ams.drift<time = 1.0, exponent = 0.0>, #ams.read_noise<deviation = 0.0>]>}
