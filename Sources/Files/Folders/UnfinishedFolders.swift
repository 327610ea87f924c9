import Foundation
import Synchronization

/// The folders that this process has begun and not finished, so that an interrupt can take them away.
package enum UnfinishedFolders {
  private static let open = Mutex<Set<URL>>([])

  package static func begin(_ folder: URL) { open.withLock { _ = $0.insert(folder) } }

  package static func end(_ folder: URL) { open.withLock { _ = $0.remove(folder) } }

  /// Removes them all. What other threads still write there fails; the caller ends the process next.
  package static func removeAll() {
    let folders = open.withLock { folders in
      defer { folders = [] }
      return folders
    }
    for folder in folders { try? FileManager.default.removeItem(at: folder) }
  }
}
