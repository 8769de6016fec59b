package binaries

const defaultCompiler = "clang"
