import Foundation

#if canImport(Darwin)
  import Darwin
#endif

/// The software and the machine that made a run.
public struct Versions: Codable, Sendable, Equatable {
  public var manikin: String
  /// The compiler.
  public var swift: String
  /// Libraries by name, such as `["oneDNN": "2.6.3"]`.
  public var libraries: [String: String]
  public var operatingSystem: String
  public var processor: String
  /// Processor cores that the process may use.
  public var cores: Int

  public init(
    manikin: String, swift: String, libraries: [String: String], operatingSystem: String, processor: String, cores: Int
  ) {
    self.manikin = manikin
    self.swift = swift
    self.libraries = libraries
    self.operatingSystem = operatingSystem
    self.processor = processor
    self.cores = cores
  }

  /// This machine with the given versions.
  public static func current(
    manikin: String, libraries: [String: String], swift: String = Versions.compiler
  ) -> Versions {
    Versions(
      manikin: manikin, swift: swift, libraries: libraries,
      operatingSystem: ProcessInfo.processInfo.operatingSystemVersionString, processor: processorName(),
      cores: ProcessInfo.processInfo.activeProcessorCount)
  }

  /// The compiler that built this library, as far as it can be told.
  public static var compiler: String {
    #if compiler(>=6.4)
      "6.4 or newer"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #else
      "6.1"
    #endif
  }

  private static func processorName() -> String {
    #if canImport(Darwin)
      var size = 0
      sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0)
      var name = [UInt8](repeating: 0, count: size)
      sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0)
      return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
    #else
      let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
      let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
      let name = line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
      return name ?? "unknown"
    #endif
  }
}
