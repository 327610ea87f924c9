import COpenSSL
import Foundation

/// A SHA-256 digest of bytes that come piece by piece, computed by libcrypto.
final class SHA256 {
  private let context: OpaquePointer

  init() {
    // Only a machine without memory or a libcrypto without SHA-256 fails here; neither is the user's data.
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto cannot begin a SHA-256 digest")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  func update(_ data: some DataProtocol) {
    for region in data.regions {
      region.withUnsafeBytes { bytes in
        let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(status == 1, "libcrypto cannot continue a SHA-256 digest")
      }
    }
  }

  /// The digest as 64 hexadecimal digits; nothing can be added after it.
  func hexadecimalDigest() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    let status = EVP_DigestFinal_ex(context, &digest, nil)
    precondition(status == 1, "libcrypto cannot finish a SHA-256 digest")
    return digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }
}
