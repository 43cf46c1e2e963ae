// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCommands

@main
enum Main {
    static func main() async { await AgencyCommand.runAndExit() }
}
