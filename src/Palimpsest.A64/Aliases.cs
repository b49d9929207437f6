global using unsafe Handler = delegate*<Palimpsest.A64.Cpu, Palimpsest.A64.Instruction*, Palimpsest.A64.Instruction*>;
