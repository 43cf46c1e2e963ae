// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyTestKit
import Foundation
import Testing

@Suite struct TestKitTests {
    /// The reference numbers for this seed, from the authors' own program.
    @Test func `the generator is SplitMix64`() {
        var generator = SplitMix64(seed: 1_234_567)
        let numbers = (0..<3).map { _ in generator.next() }
        #expect(numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }

    @Test func `a sleep on a test clock returns at once and moves the clock on`() async throws {
        let clock = TestClock(epochMilliseconds: 1000)
        try await clock.sleep(for: .seconds(3600))
        try await clock.sleep(until: TestClock.Instant(offset: .seconds(10)), tolerance: nil)
        #expect(clock.now.offset == .seconds(3600))
        #expect(clock.nowMilliseconds == 3_601_000)
        #expect(clock.sleeps == [.seconds(3600), .zero])
        clock.advance(by: .milliseconds(5))
        #expect(clock.nowMilliseconds == 3_601_005)
    }

    @Test func `a cancelled sleep throws and leaves the clock where it is`() async {
        let clock = TestClock()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                withUnsafeCurrentTask { $0?.cancel() }
                await #expect(throws: CancellationError.self) { try await clock.sleep(for: .seconds(1)) }
            }
        }
        #expect(clock.now.offset == .zero)
    }

    @Test func `a temporary directory is empty, private, and gone afterwards, also after an error`() async throws {
        struct Expected: Error {}
        let kept = try await withTemporaryDirectory { path in
            let content = try FileManager.default.contentsOfDirectory(atPath: path)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
            #expect(content == [])
            #expect(mode as? Int == 0o700)
            return path
        }
        #expect(!FileManager.default.fileExists(atPath: kept))
        var path = ""
        await #expect(throws: Expected.self) {
            try await withTemporaryDirectory { folder in
                path = folder
                throw Expected()
            }
        }
        #expect(!path.isEmpty && !FileManager.default.fileExists(atPath: path))
    }
}
