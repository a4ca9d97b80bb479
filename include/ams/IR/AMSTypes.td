//===-- AMSTypes.td - ABFP values and programmed crossbars -*- tablegen -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TYPES_TD
#define AMS_TYPES_TD

include "ams/IR/AMSBase.td"
include "mlir/IR/AttrTypeBase.td"

class AMS_Type<string cppName, string typeMnemonic>
    : TypeDef<AMS_Dialect, cppName> {
  let mnemonic = typeMnemonic;
}

def AMS_AbfpType : AMS_Type<"Abfp", "abfp"> {
  let summary = "a tensor in adaptive block floating point";
  let description = [{
    A tensor of `shape` whose dimensions from `axis` on are flattened and cut
    into blocks of `n` (V1, V4); every block has a bfloat16 scale and signed
    codes of `bits` bits (Q1 to Q4). With a `condition` blocks are conditioned
    first; where it spreads them they are pieces of equal length (C1) and their
    codes stand for all n rows.

    ```mlir
    !ams.abfp<64x3x3x16, axis = 1, n = 128, bits = 8>
    !ams.abfp<10x300, axis = 1, n = 128, bits = 6, condition = #ams.condition<mean = true>>
    ```
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape, "int64_t":$axis,
                        "int64_t":$n, "int64_t":$bits,
                        OptionalParameter<"::ams::ConditionAttr">:$condition);
  let assemblyFormat = [{
    `<` custom<Shape>($shape) `,` `axis` `=` $axis `,` `n` `=` $n `,`
    `bits` `=` $bits (`,` `condition` `=` $condition^)? `>`
  }];
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Product of the dimensions before `axis`.
    int64_t getNumVectors() const;
    /// Product of the dimensions from `axis` on: K.
    int64_t getVectorSize() const;
    /// Blocks of a vector: T.
    int64_t getNumBlocks() const;
  }];
}

def AMS_GridType : AMS_Type<"Grid", "grid"> {
  let summary = "crossbars programmed with one layer's weights";
  let description = [{
    A grid of crossbars of `rows` x `columns` that holds a matrix of `outputs`
    x `reduction` for each of `groups` groups (`outputs` counts one group's).
    A group takes ceil(reduction / rows) x ceil(outputs / columns) tiles (P2),
    each a slot of a crossbar.
    With a `condition` weights and inputs are conditioned (C1 to C7).

    ```mlir
    !ams.grid<outputs = 64, reduction = 144, groups = 1, rows = 128, columns = 128>
    ```
  }];
  let parameters = (ins "int64_t":$outputs, "int64_t":$reduction,
                        "int64_t":$groups, "int64_t":$rows, "int64_t":$columns,
                        OptionalParameter<"::ams::ConditionAttr">:$condition);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Tiles, all groups counted.
    int64_t getNumTiles() const;
  }];
}

#endif // AMS_TYPES_TD
