// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

@testable import AgencyRuntime
import AgencyCore
import Testing

/// What thousands of runs hold in the frames of suspended calls at once.
@Suite struct FrameTests {
    @Test func `what suspended calls hold copies of is small`() {
        #expect(MemoryLayout<Worker>.size <= 256)
        #expect(MemoryLayout<Journal>.size <= 160)
        #expect(MemoryLayout<Performance>.size <= 352)
        #expect(MemoryLayout<RunState>.size <= 576)
        // Made for each that is performed, and kept until it is recorded.
        #expect(MemoryLayout<Performance.Ending>.size <= 240)
    }
}
