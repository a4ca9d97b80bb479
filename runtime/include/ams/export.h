//===-- ams/export.h - Symbol visibility -------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_EXPORT_H
#define AMS_EXPORT_H

/// Marks what the runtime's shared libraries export; all else is hidden.
#define AMS_EXPORT __attribute__((visibility("default")))

#endif // AMS_EXPORT_H
