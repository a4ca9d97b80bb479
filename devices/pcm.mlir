// Phase-change memory, a day after programming, with global compensation of
// its drift. Constants of the cells: Joshi et al., "Accurate deep neural network
// inference using computational phase-change memory", Nature Communications 11,
// 2473 (2020), and Nandakumar et al., "Phase-change memory models for deep
// learning training and inference", ICECS 2019, for a largest conductance of
// 25 uS and g = |w| / L_W:
//   programming deviates by max(0.2635 + 1.9650 g - 1.1731 g^2, 0) uS, here over
//     25 uS;
//   drift from 20 s on, with exponents of 0.05 +- 0.01 (means from 0.049,
//     deviations from 0.008 at high conductance);
//   read noise of g * 0.0088 / g^0.65 * sqrt(ln((t + T) / 2 T)), T = 250 ns: after
//     a day 0.035 at g = 1/2, times what drift leaves, 0.66.
// Converters and size are a choice of this project: 6 bits of weight and 8 of
// input and output, uniform ADC noise of one LSB.
#ams.device<rows = 256, columns = 256, weight_bits = 6, input_bits = 8,
            output_bits = 8, partials = bf16,
            noise = [#ams.programming<constant = 0.01054,
                                      proportional = 0.0786,
                                      quadratic = -0.04692>,
                     #ams.drift<time = 86400.0, reference = 20.0,
                                exponent = 0.05, deviation = 0.01,
                                compensated = true>,
                     #ams.read_noise<deviation = 0.023>,
                     #ams.uniform<width = 1.0>]>
