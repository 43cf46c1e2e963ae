// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import OpenAgency

/// Measures what OpenAgency costs, with the machine's own floor beside it.
@main
enum Benchmark {
    static func main() async {}
}
