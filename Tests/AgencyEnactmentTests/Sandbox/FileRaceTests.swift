// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment

/// The file tools against a process that puts a link where a folder was, again and again, while they walk.
@Suite(.timeLimit(.minutes(2)))
struct FileRaceTests {
    /// Exchanges a folder and a link to one outside until it is told to stop, at least 20,000 times; returns how often.
    static func racing(_ bench: Bench, during work: @escaping @Sendable () throws -> Void) async throws -> Int {
        let stop = bench.root + "/stop"
        let swapping = Program(
            name: "python3",
            arguments: [
                "-c",
                """
                import ctypes, os
                c = ctypes.CDLL(None, use_errno=True)
                os.chdir('\(bench.directory)')
                open('\(bench.root)/begun', 'w').close()
                count = 0
                while count < 20000 or not os.path.exists('\(stop)'):
                    for _ in range(1000):
                        # RENAME_EXCHANGE: at every moment there is one or the other.
                        if c.renameat2(-100, b'folder', -100, b'other', 2) == 0: count += 1
                print(count)
                """,
            ],
            limits: .init(seconds: 100)
        )
        async let swaps = swapping.run()
        for _ in 0..<1000 where !bench.exists(bench.root + "/begun") { try await Task.sleep(for: .milliseconds(5)) }
        try await blocking {
            defer { _ = FileManager.default.createFile(atPath: stop, contents: nil) }
            try work()
        }
        return Int(try await swaps.output.text.trimmingWhitespace) ?? 0
    }

    static func prepared(_ bench: Bench) throws -> String {
        let secret = try bench.secret("file")
        mkdir(bench.directory + "/folder", 0o755)
        try bench.write("folder/file", "inside")
        symlink(bench.outside, bench.directory + "/other")
        return secret
    }

    @Test func `of 20000 swaps none leads a tool out`() async throws {
        try await Bench.with { bench async throws in
            let secret = try Self.prepared(bench)
            let files = FileTree(directory: bench.directory)
            let path = try RelativePath("folder/file")
            let new = try RelativePath("folder/new")
            let moved = try RelativePath("folder/moved")
            let counts = Counts()
            let swaps = try await Self.racing(bench) {
                for attempt in 0..<20_000 {
                    do throws(FileFault) {
                        let text = String(decoding: try files.read(path, limit: 100).bytes, as: UTF8.self)
                        counts.add(text == "inside" ? 0 : 1)
                    } catch { counts.add(2) }
                    guard attempt % 50 == 0 else { continue }
                    try? files.write(Array("written".utf8), to: new)
                    try? files.move(new, to: moved)
                    try? files.delete(moved)
                    try? files.write(Array("inside".utf8), to: path)
                }
            }
            #expect(swaps >= 20_000)
            // Both were met: the folder, and the link in its place.
            #expect(counts[0] > 100 && counts[1] == 0 && counts[2] > 100, "\(counts[0]) \(counts[1]) \(counts[2])")
            #expect(bench.text(secret) == "secret")
            #expect(try FileManager.default.contentsOfDirectory(atPath: bench.outside) == ["file"])
        }
    }

    @Test func `a check before the use does lead out`() async throws {
        try await Bench.with { bench async throws in
            _ = try Self.prepared(bench)
            let folder = bench.directory + "/folder"
            let counts = Counts()
            let swaps = try await Self.racing(bench) {
                for _ in 0..<400_000 where counts[1] == 0 {
                    var status = stat()
                    guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { continue }
                    let file = open(folder + "/file", O_RDONLY)
                    guard file >= 0 else { continue }
                    defer { close(file) }
                    var buffer = [UInt8](repeating: 0, count: 100)
                    let count = read(file, &buffer, buffer.count)
                    counts.add(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == "inside" ? 0 : 1)
                }
            }
            #expect(swaps >= 20_000 && counts[1] > 0, "the race was never lost, so the other test shows nothing")
        }
    }

    /// Three counters of one thread that another one reads later.
    final class Counts: @unchecked Sendable {
        private var values = [0, 0, 0]
        func add(_ index: Int) { values[index] += 1 }
        subscript(_ index: Int) -> Int { values[index] }
    }
}
