@main enum SNNSimCLI { static func main() {} }
