//! Just enough of Rust's lexical grammar to see paths: identifiers, `::` and
//! punctuation with their lines; comments and literals are dropped.

/// One identifier, `::`, or punctuation character.
pub(crate) struct Token {
    /// The text as written; raw identifiers without `r#`.
    pub(crate) text: String,
    /// Line, from 1.
    pub(crate) line: usize,
}

impl Token {
    /// Whether this is an identifier or keyword.
    pub(crate) fn is_identifier(&self) -> bool {
        self.text.starts_with(is_identifier_start)
    }
}

/// The tokens of a source file in order.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let mut cursor = Cursor {
        chars: source.chars().collect(),
        at: 0,
        line: 1,
    };
    let mut found = Vec::new();
    while let Some(next) = cursor.peek(0) {
        let line = cursor.line;
        if let Some(text) = cursor.token(next) {
            found.push(Token { text, line });
        }
    }
    found
}

fn is_identifier_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

struct Cursor {
    chars: Vec<char>,
    at: usize,
    line: usize,
}

impl Cursor {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn advance(&mut self, count: usize) {
        for _ in 0..count {
            if self.peek(0) == Some('\n') {
                self.line += 1;
            }
            self.at += 1;
        }
    }

    fn token(&mut self, next: char) -> Option<String> {
        match (next, self.peek(1)) {
            ('/', Some('/')) => self.skip_line(),
            ('/', Some('*')) => self.skip_block(),
            ('"', _) => self.skip_string(),
            ('\'', _) => self.skip_char_or_lifetime(),
            (':', Some(':')) => {
                self.advance(2);
                return Some("::".to_owned());
            }
            (c, _) if is_identifier_start(c) => return self.word(),
            (c, _) => {
                self.advance(1);
                return (!c.is_whitespace()).then(|| c.to_string());
            }
        }
        None
    }

    fn skip_line(&mut self) {
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.advance(1);
        }
    }

    /// Block comments nest.
    fn skip_block(&mut self) {
        let mut depth = 0;
        while let Some(c) = self.peek(0) {
            match (c, self.peek(1)) {
                ('/', Some('*')) => {
                    depth += 1;
                    self.advance(2);
                }
                ('*', Some('/')) => {
                    depth -= 1;
                    self.advance(2);
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.advance(1),
            }
        }
    }

    fn skip_string(&mut self) {
        self.advance(1);
        while let Some(c) = self.peek(0) {
            self.advance(if c == '\\' { 2 } else { 1 });
            if c == '"' {
                return;
            }
        }
    }

    fn skip_char_or_lifetime(&mut self) {
        if self.peek(1) != Some('\\') && self.peek(2) != Some('\'') {
            self.advance(1); // a lifetime: its name follows as an identifier
            return;
        }
        self.advance(1);
        while let Some(c) = self.peek(0) {
            self.advance(if c == '\\' { 2 } else { 1 });
            if c == '\'' {
                return;
            }
        }
    }

    fn skip_raw_string(&mut self, hashes: usize) {
        self.advance(hashes + 1);
        while let Some(c) = self.peek(0) {
            self.advance(1);
            let closed = c == '"' && (0..hashes).all(|ahead| self.peek(ahead) == Some('#'));
            if closed {
                self.advance(hashes);
                return;
            }
        }
    }

    /// An identifier, or nothing when the word was the prefix of a literal.
    fn word(&mut self) -> Option<String> {
        let start = self.at;
        while self
            .peek(0)
            .is_some_and(|c| c.is_alphanumeric() || c == '_')
        {
            self.advance(1);
        }
        let word: String = self.chars[start..self.at].iter().collect();
        let hashes = (0..)
            .take_while(|&ahead| self.peek(ahead) == Some('#'))
            .count();
        let quoted = self.peek(hashes) == Some('"');
        match word.as_str() {
            "r" | "br" | "cr" if quoted => self.skip_raw_string(hashes),
            "b" | "c" if self.peek(0) == Some('"') => self.skip_string(),
            "r" if hashes == 1 => {
                self.advance(1);
                return self.word();
            }
            _ => return Some(word),
        }
        None
    }
}
