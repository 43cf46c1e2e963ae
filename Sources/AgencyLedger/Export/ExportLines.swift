// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Reads a file line by line; a line that is too long is refused before it takes up memory.
public final class ExportLines {
    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var position = 0
    private var line = 0

    /// Opens a file.
    ///
    /// - Throws: ``ProofError`` with `.unavailable` when it cannot be opened.
    public init(path: String) throws(ProofError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        self.path = path
        guard descriptor >= 0 else {
            throw ProofError(.unavailable, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Reads the next line, without its line feed.
    ///
    /// - Returns: The line, or `nil` after the last.
    /// - Throws: ``ProofError`` with `.malformed` for a line that is too long, `.cut` for one without a line feed,
    ///   `.unavailable` when the file cannot be read.
    public func next() throws(ProofError) -> [UInt8]? {
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                guard end - position <= ExportLine.maximumBytes else { throw tooLong() }
                defer { position = end + 1 }
                line += 1
                return Array(buffer[position..<end])
            }
            guard buffer.count - position <= ExportLine.maximumBytes else { throw tooLong() }
            buffer.removeFirst(position)
            position = 0
            searched = buffer.count
            guard try fill() else {
                guard buffer.isEmpty else {
                    throw ProofError(.cut, "the file ends in the middle of a line; get the whole of it", line: line + 1)
                }
                return nil
            }
        }
    }

    private func tooLong() -> ProofError {
        ProofError(.malformed, "the line is longer than \(ExportLine.maximumBytes) bytes", line: line + 1)
    }

    /// Whether there was more.
    private func fill() throws(ProofError) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = readDescriptor(descriptor, &chunk)
            if count > 0 {
                buffer += chunk[..<count]
                return true
            }
            if count == 0 { return false }
            guard errno == EINTR else {
                throw ProofError(
                    .unavailable,
                    "cannot read \(path): \(String(cString: strerror(errno)))",
                    line: line + 1
                )
            }
        }
    }
}

private func readDescriptor(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
    buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
}
