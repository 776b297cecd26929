exports.greeting = (name = "world") => `Hello, ${name}!\n`;
