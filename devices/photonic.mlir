// A photonic device of n = 128 with 7/10/11 bits of weight, input and output,
// after its published error data (4,096 vectors by 64 columns), in ADC codes:
//   slopes of columns 0.834 +- 0.037, offsets 0.22 +- 0.50: column_error;
//   an error shared by all columns of a vector: its row mean deviates by 0.70,
//     of which 0.22 is what independent columns would give, so
//     sqrt(0.70^2 - 0.22^2) = 0.66: common;
//   a residual deviation of columns of 1.69 +- 0.55 in all, of which the common
//     error is part, so sqrt(1.69^2 - 0.66^2) = 1.56, and 0.55 / 1.69 = 0.33
//     over columns; logistic, as its excess kurtosis of 1.1 asks for;
//   a spread that grows with the signal from 1.83 to 2.18, by 0.19.
#ams.device<rows = 128, columns = 64, weight_bits = 7, input_bits = 10,
            output_bits = 11, partials = bf16,
            noise = [#ams.column_error<gain = 0.834, gain_deviation = 0.037,
                                       offset = 0.22, offset_deviation = 0.5>,
                     #ams.common<deviation = 0.66>,
                     #ams.logistic<deviation = 1.56>,
                     #ams.adc_spread<columns = 0.33, growth = 0.19>]>
