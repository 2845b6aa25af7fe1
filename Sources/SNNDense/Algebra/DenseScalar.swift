/// The scalar of a dense network: `Float` or `Double`.
///
/// Loops over elements are requirements with a default body, one protocol for each file of kernels: the witness of each scalar
/// is then that loop compiled for it, whoever calls, while the learners above them stay generic and need no specialisation.
public protocol DenseScalar:
  BLASScalar, ActivationKernels, ClassifierKernels, OptimiserKernels, SpikeKernels, GoodnessKernels, DelayKernels
{}

extension Float: DenseScalar {}
extension Double: DenseScalar {}
