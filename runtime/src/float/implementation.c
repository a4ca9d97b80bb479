//===-- implementation.c - oneDNN's best way to compute -----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//
//===----------------------------------------------------------------------===//

#include "implementation.h"

#include <omp.h>
#include <string.h>

int ams_float_exchange_threads(int threads) {
  int before = omp_get_max_threads();
  omp_set_num_threads(threads);
  return before;
}

bool ams_float_has_in_name(const_dnnl_primitive_desc_t candidate,
                           const char *word) {
  const char *name = NULL;
  dnnl_primitive_desc_query(candidate, dnnl_query_impl_info_str, 0,
                            (void *)&name);
  return name && strstr(name, word);
}

/// Takes oneDNN's first implementation that is not a reference, which is
/// correct but up to a hundred times slower; the reference where nothing else
/// exists.
static ams_status_t choose(dnnl_primitive_desc_iterator_t candidates,
                           dnnl_primitive_desc_t *out_chosen) {
  dnnl_primitive_desc_t reference = NULL;
  dnnl_status_t next = dnnl_success;
  for (; next == dnnl_success;
       next = dnnl_primitive_desc_iterator_next(candidates)) {
    dnnl_primitive_desc_t candidate =
        dnnl_primitive_desc_iterator_fetch(candidates);
    if (!ams_float_has_in_name(candidate, "ref")) {
      dnnl_primitive_desc_destroy(reference);
      *out_chosen = candidate;
      return AMS_OK;
    }
    if (reference)
      dnnl_primitive_desc_destroy(candidate);
    else
      reference = candidate;
  }
  *out_chosen = reference;
  return ams_onednn_check(reference ? dnnl_success : next,
                          "compute this product");
}

static ams_status_t describe_attributes(dnnl_primitive_attr_t attributes) {
  AMS_ONEDNN_TRY(dnnl_primitive_attr_set_scratchpad_mode(
                     attributes, dnnl_scratchpad_mode_user),
                 "leave scratch memory to its user");
  // Whatever the environment says: products are in float32.
  AMS_ONEDNN_TRY(
      dnnl_primitive_attr_set_fpmath_mode(attributes, dnnl_fpmath_mode_strict),
      "compute in float32");
  return AMS_OK;
}

ams_status_t ams_float_find_implementation(const void *operation,
                                           const_dnnl_primitive_desc_t forward,
                                           dnnl_engine_t engine,
                                           dnnl_primitive_desc_t *out_chosen) {
  dnnl_primitive_attr_t attributes = NULL;
  AMS_ONEDNN_TRY(dnnl_primitive_attr_create(&attributes), "describe a product");
  dnnl_primitive_desc_iterator_t candidates = NULL;
  ams_status_t status = describe_attributes(attributes);
  if (!status)
    status = ams_onednn_check(
        dnnl_primitive_desc_iterator_create(&candidates, operation, attributes,
                                            engine, forward),
        "compute this product");
  if (!status)
    status = choose(candidates, out_chosen);
  dnnl_primitive_desc_iterator_destroy(candidates);
  dnnl_primitive_attr_destroy(attributes);
  return status;
}
