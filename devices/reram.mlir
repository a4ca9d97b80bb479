// Resistive memory. Of the cells: Wan et al., "A compute-in-memory chip based on
// resistive random-access memory", Nature 608, 504-512 (2022): conductances up
// to 40 uS; after write-verify and relaxation they deviate by 2.8 uS, by 2 uS
// with three rounds of iterative programming: 2 / 40 of the largest weight. The
// chip has crossbars of 256 x 256, and weights of 4 bits on a pair of cells.
// What else stands here is a choice of this project: one cell in a thousand
// broken, a first-order voltage drop of 2 %, and converters of 8 bits with
// uniform ADC noise of one LSB.
#ams.device<rows = 256, columns = 256, weight_bits = 4, input_bits = 8,
            output_bits = 8, partials = bf16,
            noise = [#ams.programming<constant = 0.05>,
                     #ams.stuck<low = 0.0005, high = 0.0005>,
                     #ams.ir_drop<loss = 0.02>,
                     #ams.uniform<width = 1.0>]>
