// A device with every source of error, one of each kind.
#ams.device<rows = 8, columns = 4, noise = [
  #ams.programming<constant = 0.125, proportional = 0.25, quadratic = -0.5>,
  #ams.drift<time = 8.0, reference = 2.0, exponent = 0.5, deviation = 0.25,
             compensated = true>,
  #ams.stuck<low = 0.5, high = 0.25>, #ams.ir_drop<loss = 0.5>,
  #ams.dac<noise = 0.25, integral = 0.5>, #ams.read_noise<deviation = 0.125>,
  #ams.column_error<gain = 0.75, gain_deviation = 0.25, offset = 1.0,
                    offset_deviation = 2.0>,
  #ams.common<deviation = 0.5>,
  #ams.histogram<low = -1.0, high = 1.0, weights = [1.0, 2.0]>,
  #ams.adc_spread<columns = 0.5, growth = 1.0>,
  #ams.adc_nonlinearity<integral = 0.5, differential = 0.25>,
  #ams.repeat<count = 3>]>
