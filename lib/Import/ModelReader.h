//===-- ModelReader.h - ONNX files without their weights ---------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// protobuf-c copies every bytes field that it unpacks. The reader first walks
// the wire format and leaves out what the importer never reads (nested graphs,
// training, documentation); in place of each tensor's raw_data it unpacks a
// reference into the file, which amsImportRawData resolves.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_IMPORT_MODEL_READER_H
#define AMS_IMPORT_MODEL_READER_H

#include "onnx.pb-c.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Unpacks the model in `size` bytes at `data`. NULL on failure, with the reason
 * in `reason`. Free with onnx__model_proto__free_unpacked(model, NULL). */
Onnx__ModelProto *amsImportReadModel(const uint8_t *data, size_t size,
                                     char *reason, size_t reasonSize);

/* The bytes that stand for `tensor`'s raw_data in the same file; false if the
 * tensor has none. */
bool amsImportRawData(const Onnx__TensorProto *tensor, const uint8_t *data,
                      size_t size, const uint8_t **outBytes, size_t *outSize);

#endif // AMS_IMPORT_MODEL_READER_H
