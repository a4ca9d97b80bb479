// The published ABFP device (arXiv 2205.06287) with tiles of n = 128 and
// 6/6/8 bits of weight, input and output: uniform ADC noise of one LSB,
// bfloat16 scales and partial sums.
#ams.device<rows = 128, columns = 128, weight_bits = 6, input_bits = 6,
            output_bits = 8, partials = bf16,
            noise = [#ams.uniform<width = 1.0>]>
