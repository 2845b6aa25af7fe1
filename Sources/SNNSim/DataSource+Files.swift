import SNNCompiler
import SNNFiles

extension DataSource {
  /// Data files by the endings of their names, read by SNNFiles.
  public static let files = DataSource(
    numbers: { try numberArray(path: $0) },
    series: { path in
      let table = try NumberTable.read(path: path)
      return (
        try table.column(anyOf: ["time_ms", "times_ms", "time", "times", "t"]),
        try table.column(anyOf: ["rate_hz", "rates_hz", "rate", "rates", "amplitude_pa", "amplitude", "amplitudes"])
      )
    },
    spikes: { path, population in
      let table = try SpikeTable.read(path: path, population: population)
      return (table.times, table.ids)
    },
    pairs: { path in
      let list = try ConnectionList.read(path: path)
      return Pairs(pre: list.pre, post: list.post, weight: list.weight, delay: list.delay)
    },
    bytes: { path in
      let file = try IDXFile(path: path)
      return (file.rows, file.rowLength, file.bytes)
    })
}
