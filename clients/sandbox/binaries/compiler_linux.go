package binaries

const defaultCompiler = "gcc"
