namespace Palimpsest.A64;
public static class Debug { public static HashSet<nint> Unique = new(); public static double Jit; public static long Slow, Interp, Finish, Fars, Leaves; public static readonly Dictionary<string,long> By = new(); 
 public static void Count(string k) { By[k] = By.GetValueOrDefault(k) + 1; }
 public static void Show() { Console.Error.WriteLine($"unique {Unique.Count} jit {Jit:F2} slow {Slow} interp {Interp} finish {Finish} fars {Fars} leaves {Leaves}"); foreach (var p in By.OrderByDescending(p => p.Value).Take(40)) Console.Error.WriteLine($"  {p.Key} {p.Value}"); } }
