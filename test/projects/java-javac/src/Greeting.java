public class Greeting {
    public static String of(String name) {
        return "Hello, " + name + "!\n";
    }
}
