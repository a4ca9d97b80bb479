/*===-- DeviceText.h - The text of a device file ------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* What a device file may hold that an attribute in the IR may not: comments, *|
|* and a histogram of errors that stand in a file of their own.               *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_DEVICETEXT_H
#define AMS_SUPPORT_DEVICETEXT_H

#include "mlir-c/IR.h"

/* `text` as an attribute's, a new string: without // comments and the white
 * space around it, and with every
 *
 *   #ams.histogram<file = "errors.txt", bins = 64>
 *
 * replaced by the histogram of the numbers in that file: errors in LSB, apart
 * by white space or commas, # starting a comment; `bins` of equal width from
 * the least to the greatest, 64 by default. Files are looked for beside `path`.
 * NULL after an error at `loc`. */
char *amsDeviceTextExpand(MlirLocation loc, const char *path, const char *text);

#endif /* AMS_SUPPORT_DEVICETEXT_H */
