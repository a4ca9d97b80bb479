// The published ABFP device (arXiv 2205.06287) with tiles of n = 8 and
// 8/8/8 bits of weight, input and output: uniform ADC noise of one LSB,
// bfloat16 scales and partial sums.
#ams.device<rows = 8, columns = 8, weight_bits = 8, input_bits = 8,
            output_bits = 8, partials = bf16,
            noise = [#ams.uniform<width = 1.0>]>
