// swift-tools-version: 6.3
import PackageDescription

/// Language features on in every target; a misspelt name would be off without a word, so the tests assert them.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
    .enableUpcomingFeature("InferIsolatedConformances"),  // SE-0470
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let live: TargetDependencyCondition? = .when(traits: ["Live"])
let postgres: TargetDependencyCondition? = .when(traits: ["Postgres"])

let package = Package(
    name: "OpenAgency",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "OpenAgency", targets: ["OpenAgency"]),
        .library(name: "AgencyTestKit", targets: ["AgencyTestKit"]),
        .executable(name: "agency", targets: ["agency"]),
    ],
    traits: [
        .default(enabledTraits: ["Live"]),
        .trait(name: "Live", description: "Performers that speak HTTP: OpenAI-compatible and Anthropic endpoints."),
        .trait(name: "Postgres", description: "A ledger on PostgreSQL, for many machines; needs libpq."),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .systemLibrary(
            name: "COpenSSL",
            pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]
        ),
        .systemLibrary(
            name: "CLibpq",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"]), .brew(["libpq"])]
        ),
        // What runs between fork and exec, where Swift may not.
        .target(name: "CContainment"),
        room("AgencySchema"),
        // The numbers know nothing of roles and runs, so that they can be used alone and a run can act on them.
        room("AgencyJudgment"),
        room("AgencyCore", ["AgencySchema", "AgencyJudgment", "COpenSSL"]),
        room("AgencyDeclaration", ["AgencySchema", "AgencyCore", .product(name: "Yams", package: "Yams")]),
        room("AgencyLedger", ["AgencySchema", "AgencyCore", "COpenSSL"]),
        room(
            "LedgerSQLite",
            [
                "AgencySchema", "AgencyCore", "AgencyLedger",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]
        ),
        room(
            "LedgerPostgres",
            ["AgencySchema", "AgencyCore", "AgencyLedger", .target(name: "CLibpq", condition: postgres)]
        ),
        room(
            "AgencyPerformers",
            [
                "AgencySchema", "AgencyCore",
                .product(name: "AsyncHTTPClient", package: "async-http-client", condition: live),
                .product(name: "NIOCore", package: "swift-nio", condition: live),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: live),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ]
        ),
        room(
            "AgencyEnactment",
            ["AgencySchema", "AgencyCore", "CContainment", .product(name: "Subprocess", package: "swift-subprocess")]
        ),
        room("EnactmentHTTP", ["AgencyCore", "AgencyEnactment", "AgencyPerformers"]),
        room("AgencyReport", ["AgencySchema", "AgencyCore", "AgencyJudgment"]),
        room("AgencyRuntime", ["AgencySchema", "AgencyCore", "AgencyLedger", "AgencyJudgment"]),
        room(
            "AgencyConsole",
            [
                "AgencySchema", "AgencyCore", "AgencyDeclaration", "AgencyLedger", "AgencyPerformers", "AgencyReport",
                "AgencyRuntime", "COpenSSL",
                .product(name: "HTTPTypes", package: "swift-http-types", condition: live),
                .product(name: "Hummingbird", package: "hummingbird", condition: live),
                .product(name: "HummingbirdCore", package: "hummingbird", condition: live),
                .product(name: "HummingbirdTLS", package: "hummingbird", condition: live),
                .product(name: "Logging", package: "swift-log", condition: live),
                .product(name: "NIOCore", package: "swift-nio", condition: live),
            ]
        ),
        room("AgencyTestKit", ["AgencySchema", "AgencyCore", "AgencyLedger", "AgencyRuntime"]),
        room(
            "OpenAgency",
            [
                "AgencySchema", "AgencyCore", "AgencyDeclaration", "AgencyLedger", "LedgerSQLite", "LedgerPostgres",
                "AgencyPerformers", "AgencyEnactment", "EnactmentHTTP", "AgencyJudgment", "AgencyReport",
                "AgencyRuntime",
            ]
        ),
        room(
            "AgencyCommands",
            [
                "AgencySchema", "AgencyCore", "AgencyDeclaration", "AgencyLedger", "LedgerSQLite", "LedgerPostgres",
                "AgencyPerformers", "AgencyEnactment", "EnactmentHTTP", "AgencyJudgment", "AgencyReport",
                "AgencyRuntime", "AgencyConsole",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .executableTarget(name: "agency", dependencies: ["AgencyCommands"], swiftSettings: settings),
        tests("OpenAgencyTests", ["OpenAgency", "AgencyTestKit"]),
        tests("AgencySchemaTests", ["AgencySchema", "AgencyCore", "AgencyTestKit"]),
        tests("AgencyCoreTests", ["AgencySchema", "AgencyCore", "AgencyJudgment", "AgencyTestKit"]),
        tests("AgencyDeclarationTests", ["AgencySchema", "AgencyCore", "AgencyDeclaration"]),
        tests(
            "AgencyLedgerTests",
            [
                "AgencySchema", "AgencyCore", "AgencyLedger", "LedgerSQLite", "AgencyTestKit",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Vectors"]
        ),
        tests(
            "LedgerPostgresTests",
            ["AgencySchema", "AgencyCore", "AgencyLedger", "AgencyRuntime", "LedgerPostgres", "AgencyTestKit"]
        ),
        tests(
            "AgencyConsoleTests",
            [
                "AgencySchema", "AgencyCore", "AgencyDeclaration", "AgencyLedger", "AgencyRuntime", "AgencyConsole",
                "AgencyPerformers", "AgencyTestKit",
                .product(name: "AsyncHTTPClient", package: "async-http-client", condition: live),
                .product(name: "NIOCore", package: "swift-nio", condition: live),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: live),
            ]
        ),
        tests("AgencyPerformersTests", ["AgencySchema", "AgencyCore", "AgencyPerformers"]),
        tests("AgencyEnactmentTests", ["AgencySchema", "AgencyCore", "AgencyEnactment"], exclude: ["Fixtures"]),
        tests(
            "EnactmentHTTPTests",
            ["AgencySchema", "AgencyCore", "AgencyPerformers", "AgencyEnactment", "EnactmentHTTP"],
            exclude: ["Fixtures"]
        ),
        tests("AgencyJudgmentTests", ["AgencySchema", "AgencyCore", "AgencyJudgment", "AgencyTestKit"]),
        tests("AgencyReportTests", ["AgencySchema", "AgencyCore", "AgencyReport"], exclude: ["Golden"]),
        tests(
            "AgencyRuntimeTests",
            [
                "AgencySchema", "AgencyCore", "AgencyDeclaration", "AgencyLedger", "LedgerSQLite", "AgencyRuntime",
                "AgencyTestKit",
            ],
            exclude: ["Histories"]
        ),
        tests("AgencySimulationTests", ["AgencyLedger", "AgencyTestKit"]),
        // Fuzzing/ has the same promises broken by made-up bytes; these tests give them what was worth keeping.
        tests(
            "FuzzTests",
            [
                "AgencySchema", "AgencyCore", "AgencyDeclaration", "AgencyLedger", "AgencyPerformers",
                "AgencyEnactment",
            ],
            exclude: ["Corpus"]
        ),
        .executableTarget(name: "soak", dependencies: ["AgencyTestKit"], swiftSettings: settings),
        // The tests start the program, so it has to be there.
        tests(
            "AgencyCommandsTests",
            [
                "AgencySchema", "AgencyCore", "AgencyRuntime", "AgencyTestKit", "AgencyCommands", "agency",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            exclude: ["Fixtures"]
        ),
    ]
)
