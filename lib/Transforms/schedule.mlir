//===-- schedule.mlir - How digital operations become vector code ---------===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A sequence a kind of function (--ams-outline-digital): tasks for threads,
// rows within a task, vectors within a row. A reduction along a row has 64 sums
// of its own at a time, whatever the processor, which are added in one order at
// its end: the numbers of lanes here are part of what a model computes.
// Constants marked ams.task are set a function before a sequence is applied.
//
//===----------------------------------------------------------------------===//

module attributes {transform.with_named_sequence} {
  // [elements]
  transform.named_sequence @rows0(%func: !transform.any_op {transform.readonly}) {
    %last = transform.include @last failures(propagate) (%func) : (!transform.any_op) -> !transform.any_op
    %task = transform.param.constant 1 : i64 {ams.task = 0} -> !transform.param<i64>
    %tile, %tasks = transform.structured.tile_using_forall %last tile_sizes [%task] : (!transform.any_op, !transform.param<i64>) -> (!transform.any_op, !transform.any_op)
    transform.include @vectors failures(propagate) (%func) : (!transform.any_op) -> ()
    transform.yield
  }

  // One row, with reductions.
  transform.named_sequence @row(%func: !transform.any_op {transform.readonly}) {
    transform.include @vectors failures(propagate) (%func) : (!transform.any_op) -> ()
    transform.yield
  }

  // [rows, elements], and with two and three loops of rows.
  transform.named_sequence @rows1(%func: !transform.any_op {transform.readonly}) {
    %last = transform.include @last failures(propagate) (%func) : (!transform.any_op) -> !transform.any_op
    %task = transform.param.constant 1 : i64 {ams.task = 0} -> !transform.param<i64>
    %tile, %tasks = transform.structured.tile_using_forall %last tile_sizes [%task] : (!transform.any_op, !transform.param<i64>) -> (!transform.any_op, !transform.any_op)
    %row, %rows = transform.structured.fuse %tile tile_sizes [1] {apply_cleanup} : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.include @vectors failures(propagate) (%func) : (!transform.any_op) -> ()
    transform.yield
  }
  transform.named_sequence @rows2(%func: !transform.any_op {transform.readonly}) {
    %last = transform.include @last failures(propagate) (%func) : (!transform.any_op) -> !transform.any_op
    %task0 = transform.param.constant 1 : i64 {ams.task = 0} -> !transform.param<i64>
    %task1 = transform.param.constant 1 : i64 {ams.task = 1} -> !transform.param<i64>
    %tile, %tasks = transform.structured.tile_using_forall %last tile_sizes [%task0, %task1] : (!transform.any_op, !transform.param<i64>, !transform.param<i64>) -> (!transform.any_op, !transform.any_op)
    %row, %rows:2 = transform.structured.fuse %tile tile_sizes [1, 1] {apply_cleanup} : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    transform.include @vectors failures(propagate) (%func) : (!transform.any_op) -> ()
    transform.yield
  }
  transform.named_sequence @rows3(%func: !transform.any_op {transform.readonly}) {
    %last = transform.include @last failures(propagate) (%func) : (!transform.any_op) -> !transform.any_op
    %task0 = transform.param.constant 1 : i64 {ams.task = 0} -> !transform.param<i64>
    %task1 = transform.param.constant 1 : i64 {ams.task = 1} -> !transform.param<i64>
    %task2 = transform.param.constant 1 : i64 {ams.task = 2} -> !transform.param<i64>
    %tile, %tasks = transform.structured.tile_using_forall %last tile_sizes [%task0, %task1, %task2] : (!transform.any_op, !transform.param<i64>, !transform.param<i64>, !transform.param<i64>) -> (!transform.any_op, !transform.any_op)
    %row, %rows:3 = transform.structured.fuse %tile tile_sizes [1, 1, 1] {apply_cleanup} : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    transform.include @vectors failures(propagate) (%func) : (!transform.any_op) -> ()
    transform.yield
  }

  // [reduced, elements] and [rows, reduced, elements]: each lane reduces its own
  // column, in order.
  transform.named_sequence @columns0(%func: !transform.any_op {transform.readonly}) {
    %last = transform.include @last failures(propagate) (%func) : (!transform.any_op) -> !transform.any_op
    %columns, %loops:2 = transform.structured.tile_using_for %last tile_sizes [1, 64] interchange = [1, 0] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    transform.include @peel failures(propagate) (%loops#0) : (!transform.any_op) -> ()
    transform.include @vectors failures(propagate) (%func) : (!transform.any_op) -> ()
    transform.yield
  }
  transform.named_sequence @columns1(%func: !transform.any_op {transform.readonly}) {
    %last = transform.include @last failures(propagate) (%func) : (!transform.any_op) -> !transform.any_op
    %task = transform.param.constant 1 : i64 {ams.task = 0} -> !transform.param<i64>
    %tile, %tasks = transform.structured.tile_using_forall %last tile_sizes [%task] : (!transform.any_op, !transform.param<i64>) -> (!transform.any_op, !transform.any_op)
    %row, %rows = transform.structured.fuse %tile tile_sizes [1] {apply_cleanup} : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    %columns, %loops:2 = transform.structured.tile_using_for %row tile_sizes [0, 1, 64] interchange = [0, 2, 1] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    transform.include @peel failures(propagate) (%loops#0) : (!transform.any_op) -> ()
    transform.include @vectors failures(propagate) (%func) : (!transform.any_op) -> ()
    transform.yield
  }

  // A pooling: [image, row, column, channels, window's row, window's column].
  transform.named_sequence @window(%func: !transform.any_op {transform.readonly}) {
    %last = transform.include @last failures(propagate) (%func) : (!transform.any_op) -> !transform.any_op
    %task0 = transform.param.constant 1 : i64 {ams.task = 0} -> !transform.param<i64>
    %task1 = transform.param.constant 1 : i64 {ams.task = 1} -> !transform.param<i64>
    %tile, %tasks = transform.structured.tile_using_forall %last tile_sizes [%task0, %task1] : (!transform.any_op, !transform.param<i64>, !transform.param<i64>) -> (!transform.any_op, !transform.any_op)
    %element, %loops:6 = transform.structured.tile_using_for %tile tile_sizes [1, 1, 1, 64, 1, 1] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    transform.include @peel failures(propagate) (%loops#3) : (!transform.any_op) -> ()
    transform.include @vectors failures(propagate) (%func) : (!transform.any_op) -> ()
    transform.yield
  }

  // What the function returns.
  transform.named_sequence @last(%func: !transform.any_op {transform.readonly}) -> !transform.any_op {
    %return = transform.structured.match ops{["func.return"]} in %func : (!transform.any_op) -> !transform.any_op
    %last = transform.get_producer_of_operand %return[0] : (!transform.any_op) -> !transform.any_op
    transform.yield %last : !transform.any_op
  }

  // Operations of one row: loops over vectors, and one vector more where the
  // row's length asks for it.
  transform.named_sequence @vectors(%func: !transform.any_op {transform.readonly}) {
    transform.include @single_row failures(propagate) (%func) : (!transform.any_op) -> ()
    // What the whole result is filled with before it is reduced into.
    %fills2 = transform.structured.match interface{LinalgOp} attributes {iterator_types = [#linalg.iterator_type<parallel>, #linalg.iterator_type<parallel>]} in %func : (!transform.any_op) -> !transform.any_op
    %fill_rows2, %fill_loops2 = transform.structured.tile_using_for %fills2 tile_sizes [1] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    %fills3 = transform.structured.match interface{LinalgOp} attributes {iterator_types = [#linalg.iterator_type<parallel>, #linalg.iterator_type<parallel>, #linalg.iterator_type<parallel>]} in %func : (!transform.any_op) -> !transform.any_op
    %fill_rows3, %fill_loops3:2 = transform.structured.tile_using_for %fills3 tile_sizes [1, 1] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    %fills4 = transform.structured.match interface{LinalgOp} attributes {iterator_types = [#linalg.iterator_type<parallel>, #linalg.iterator_type<parallel>, #linalg.iterator_type<parallel>, #linalg.iterator_type<parallel>]} in %func : (!transform.any_op) -> !transform.any_op
    %fill_rows4, %fill_loops4:3 = transform.structured.tile_using_for %fills4 tile_sizes [1, 1, 1] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    transform.include @single_row failures(propagate) (%func) : (!transform.any_op) -> ()
    %elements = transform.structured.match interface{LinalgOp} attributes {iterator_types = [#linalg.iterator_type<parallel>]} in %func : (!transform.any_op) -> !transform.any_op
    %element_tiles, %element_loops = transform.structured.tile_using_for %elements tile_sizes [64] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    %reductions = transform.structured.match interface{LinalgOp} attributes {iterator_types = [#linalg.iterator_type<reduction>]} in %func : (!transform.any_op) -> !transform.any_op
    %fills, %partial, %final, %reduction_loops = transform.structured.tile_reduction_using_for %reductions by tile_sizes = [64] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    %loops = transform.merge_handles %element_loops, %reduction_loops : !transform.any_op
    transform.include @peel failures(propagate) (%loops) : (!transform.any_op) -> ()
    transform.apply_patterns to %func {
      transform.apply_patterns.canonicalization
      transform.apply_patterns.linalg.tiling_canonicalization
      transform.apply_patterns.tensor.fold_tensor_empty
    } : !transform.any_op
    %operations = transform.structured.match interface{LinalgOp} in %func : (!transform.any_op) -> !transform.any_op
    transform.structured.vectorize %operations : !transform.any_op
    transform.apply_patterns to %func {
      transform.apply_patterns.canonicalization
      transform.apply_patterns.vector.transfer_permutation_patterns
      transform.apply_patterns.vector.lower_multi_reduction lowering_strategy = "innerreduction"
      transform.apply_patterns.vector.cast_away_vector_leading_one_dim
      transform.apply_patterns.tensor.fold_tensor_subset_ops_into_vector_transfers
    } : !transform.any_op
    transform.apply_cse to %func : !transform.any_op
    transform.yield
  }

  // Loops of one iteration go, and what was made twice.
  transform.named_sequence @single_row(%func: !transform.any_op {transform.readonly}) {
    transform.apply_patterns to %func {
      transform.apply_patterns.linalg.fold_unit_extent_dims_via_slices
      transform.apply_patterns.linalg.tiling_canonicalization
      transform.apply_patterns.tensor.fold_tensor_empty
      transform.apply_patterns.tensor.merge_consecutive_insert_extract_slice
      transform.apply_patterns.canonicalization
    } : !transform.any_op
    transform.apply_cse to %func : !transform.any_op
    transform.yield
  }

  // The part of each loop that is not whole vectors behind the loop. A loop that
  // is whole cannot be peeled, and is left.
  transform.named_sequence @peel(%loops: !transform.any_op {transform.readonly}) {
    transform.foreach %loops : !transform.any_op {
    ^bb0(%loop: !transform.any_op):
      %for = transform.cast %loop : !transform.any_op to !transform.op<"scf.for">
      transform.sequence %for : !transform.op<"scf.for"> failures(suppress) {
      ^bb1(%whole: !transform.op<"scf.for">):
        %main, %rest = transform.loop.peel %whole : (!transform.op<"scf.for">) -> (!transform.any_op, !transform.any_op)
      }
    }
    transform.yield
  }
}
