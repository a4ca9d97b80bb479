"""Writes the models of ams-bench-digital as MLIR: digital_models.py FOLDER"""

import os
import struct
import sys

HEADER = """
#all = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#row = affine_map<(d0, d1, d2) -> (d0, d1)>
#column = affine_map<(d0, d1, d2) -> (d2)>
#small = affine_map<(d0, d1) -> (d0, d1)>
"""


class Model:
    def __init__(self, b, r, c):
        self.shapes = {"#all": f"{b}x{r}x{c}", "#row": f"{b}x{r}",
                       "#column": f"{c}", "#small": f"{b}x{r}"}
        self.text = ""

    def constant(self, name, value):
        self.text += f"  %{name} = arith.constant {value} : f32\n"

    def vector(self, name, values):
        data = struct.pack(f"<{len(values)}f", *values).hex().upper()
        self.text += (f"  %{name} = arith.constant dense<\"0x{data}\"> : "
                      f"tensor<{len(values)}xf32>\n")

    def generic(self, name, operands, result, iterators, init, body):
        shape = self.shapes[result]
        maps = ", ".join([m for _, m in operands] + [result])
        values = ", ".join("%" + v for v, _ in operands)
        types = ", ".join(f"tensor<{self.shapes[m]}xf32>" for _, m in operands)
        arguments = ", ".join(f"%v{i}: f32" for i in range(len(operands)))
        kinds = ", ".join(f'"{kind}"' for kind in iterators)
        self.text += (
            f"  %{name} = linalg.generic {{indexing_maps = [{maps}], "
            f"iterator_types = [{kinds}]}} ins({values} : {types}) "
            f"outs(%{init} : tensor<{shape}xf32>) {{\n"
            f"  ^bb0({arguments}, %s: f32):\n    "
            + "\n    ".join(body) + "\n    linalg.yield %n : f32\n"
            f"  }} -> tensor<{shape}xf32>\n")

    def empty(self, name, result):
        self.text += (f"  %{name} = tensor.empty() : "
                      f"tensor<{self.shapes[result]}xf32>\n")

    def reduce(self, name, source, start, *body):
        self.constant(name + "_start", start)
        self.empty(name + "_empty", "#row")
        shape = self.shapes["#row"]
        self.text += (f"  %{name}_init = linalg.fill ins(%{name}_start : f32) "
                      f"outs(%{name}_empty : tensor<{shape}xf32>) -> "
                      f"tensor<{shape}xf32>\n")
        self.generic(name, [(source, "#all")], "#row",
                     ["parallel", "parallel", "reduction"], name + "_init",
                     body)

    def per_row(self, name, source, *body):
        self.empty(name + "_empty", "#small")
        self.generic(name, [(source, "#small")], "#small", ["parallel"] * 2,
                     name + "_empty", body)

    def per_element(self, name, operands, *body):
        self.empty(name + "_empty", "#all")
        self.generic(name, operands, "#all", ["parallel"] * 3,
                     name + "_empty", body)

    def write(self, path):
        shape = self.shapes["#all"]
        with open(path, "w") as file:
            file.write(f"{HEADER}func.func @main(%x: tensor<{shape}xf32>) -> "
                       f"tensor<{shape}xf32> {{\n{self.text}"
                       f"  return %y : tensor<{shape}xf32>\n}}\n")


def softmax(*shape):
    model = Model(*shape)
    model.constant("one", "1.0")
    model.reduce("m", "x", "0xFF800000", "%n = arith.maximumf %s, %v0 : f32")
    model.per_element("p", [("x", "#all"), ("m", "#row")],
                      "%d = arith.subf %v0, %v1 : f32",
                      "%n = math.exp %d : f32")
    model.reduce("t", "p", "0.0", "%n = arith.addf %s, %v0 : f32")
    model.per_row("i", "t", "%n = arith.divf %one, %v0 : f32")
    model.per_element("y", [("p", "#all"), ("i", "#row")],
                      "%n = arith.mulf %v0, %v1 : f32")
    return model


def layer_norm(*shape):
    columns = shape[2]
    model = Model(*shape)
    model.vector("g", [0.5 + i % 17 / 17 for i in range(columns)])
    model.vector("h", [-0.5 + i % 13 / 13 for i in range(columns)])
    model.constant("count", f"{columns}.0")
    model.constant("epsilon", "1.0e-5")
    model.constant("one", "1.0")
    model.reduce("t", "x", "0.0", "%n = arith.addf %s, %v0 : f32")
    model.per_row("m", "t", "%n = arith.divf %v0, %count : f32")
    model.per_element("d", [("x", "#all"), ("m", "#row")],
                      "%n = arith.subf %v0, %v1 : f32")
    model.reduce("q", "d", "0.0", "%k = arith.mulf %v0, %v0 : f32",
                 "%n = arith.addf %s, %k : f32")
    model.per_row("i", "q", "%a = arith.divf %v0, %count : f32",
                  "%e = arith.addf %a, %epsilon : f32",
                  "%r = math.sqrt %e : f32",
                  "%n = arith.divf %one, %r : f32")
    model.per_element("y", [("d", "#all"), ("i", "#row"), ("g", "#column"),
                            ("h", "#column")],
                      "%a = arith.mulf %v0, %v1 : f32",
                      "%k = arith.mulf %a, %v2 : f32",
                      "%n = arith.addf %k, %v3 : f32")
    return model


def gelu(*shape):
    model = Model(*shape)
    model.vector("b", [-0.5 + i % 13 / 13 for i in range(shape[2])])
    model.constant("half", "0.5")
    model.constant("one", "1.0")
    model.constant("root", "0.70710678118")
    model.per_element("y", [("x", "#all"), ("b", "#column")],
                      "%a = arith.addf %v0, %v1 : f32",
                      "%z = arith.mulf %a, %root : f32",
                      "%e = math.erf %z : f32",
                      "%p = arith.addf %e, %one : f32",
                      "%k = arith.mulf %a, %half : f32",
                      "%n = arith.mulf %k, %p : f32")
    return model


folder = sys.argv[1]
for name, make, shape in (
        ("gelu", gelu, (1, 512, 3072)),
        ("layer_norm", layer_norm, (1, 512, 768)),
        ("softmax", softmax, (12, 512, 512)),
        ("softmax_197", softmax, (12, 197, 197)),
        ("softmax_10", softmax, (1, 1, 10))):
    make(*shape).write(os.path.join(folder, name + ".mlir"))
