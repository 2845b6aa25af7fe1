// What a user's own package needs to write a neuron model and run a network: `import SNNSim` is enough.
@_exported import SNNDescription
@_exported import SNNDynamics
@_exported import SNNRecording
@_exported import SNNSignals
@_exported import SNNTraining
