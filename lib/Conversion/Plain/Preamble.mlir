// The device's arithmetic in plain MLIR: docs/spec.md, rule by rule. The files
// of this folder are one text, which --ams-decompose merges into a module whose
// products call these functions. All buffers are flat; sizes and offsets are
// arguments. This is the oracle: it is written to be compared with the rules,
// not to be fast. Buffers are freed where the pass for all buffers of a module
// (buffer-deallocation) says.
//
// A `device` is a buffer of what rules name so:
//    0 to  2  L_W, L_X, L_Y; 3: 1 where partial sums are rounded (D3, D4)
//    4 to  6  ADC noise: s, columns, growth (S13)
//    7        deviation of common noise (S12)
//    8 to 11  columns: gain - 1, its deviation, offset, its deviation (S11)
//   12, 13    ADC: integral, differential (S14)
//   14, 15    DAC: noise, integral (S8)
//   16 to 18  programming: constant, proportional, quadratic (S4)
//   19, 20    stuck cells: low, high (S6)
//   21, 22    deviation of read noise (S10), loss along a column (S7)
//   23        repeats (S15)
//   24, 25    2^f of weights and of inputs (S3); 1 where they are codes
// What a device lacks is 0, which leaves every number as it is, and takes no
// draw. `normal`, `noise` and `drift` are tables of 65,536 numbers: Z, the ADC
// noise's and what drift leaves (S2, S5); empty where nothing is looked up.

