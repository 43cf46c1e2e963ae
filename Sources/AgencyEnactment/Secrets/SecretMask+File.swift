// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension SecretMask {
    /// Whether there is a value of a secret in a file.
    func finds(in file: borrowing Descriptor, _ path: String) throws(FileFault) -> Bool {
        var held: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var offset: off_t = 0
        while true {
            let count = pread(file.raw, &buffer, buffer.count, offset)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileFault(errno, path) }
            if count == 0 { return false }
            offset += off_t(count)
            held += buffer[..<count]
            if finds(held) { return true }
            // A value may lie across the end of what was read.
            held = Array(held.suffix(longest))
        }
    }
}
