Console.WriteLine("palimpsest");
