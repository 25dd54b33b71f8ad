#![doc = "The Farol server."]
