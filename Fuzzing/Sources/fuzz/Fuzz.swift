// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import CLibFuzzer
import Foundation

/// Gives one target what libFuzzer makes up: `FUZZ_TARGET=json fuzz [FLAG…] [CORPUS…]`.
///
/// The promises are those that the tests of the package replay. One that is broken ends the program, as a crash does.
///
/// > Source: <https://llvm.org/docs/LibFuzzer.html>.
@main struct Fuzz {
    private static let target: FuzzTarget = {
        let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
        guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
            fatalError("FUZZ_TARGET is one of \(FuzzTarget.all.map(\.name).joined(separator: ", ")), not “\(name)”")
        }
        return target
    }()

    static func main() {
        var count = CommandLine.argc
        var words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(
            LLVMFuzzerRunDriver(&count, &words) { start, count in
                Fuzz.take(Array(UnsafeBufferPointer(start: start, count: count)))
                return 0
            }
        )
    }

    private static func take(_ bytes: [UInt8]) {
        do {
            try target.check(Array(bytes.prefix(target.longest)))
        } catch {
            fatalError("\(target.name): \(error)")
        }
    }
}
