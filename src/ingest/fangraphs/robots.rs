//! What a `robots.txt` allows (RFC 9309).

/// True when `agent` may ask for `path`. The group of the agent counts, else that
/// of everybody; of its rules the longest that fits, and of two as long the one
/// that allows.
pub fn allows(robots: &str, agent: &str, path: &str) -> bool {
    let groups = groups(robots);
    let named = |name: &str| {
        let of_name = groups
            .iter()
            .filter(|group| group.agents.iter().any(|held| held == name));
        of_name.flat_map(|group| &group.rules).collect::<Vec<_>>()
    };
    let has = |name: &str| {
        groups
            .iter()
            .any(|group| group.agents.iter().any(|held| held == name))
    };
    let agent = agent.to_ascii_lowercase();
    let rules = if has(&agent) {
        named(&agent)
    } else {
        named("*")
    };
    let fitting = rules.into_iter().filter(|rule| fits(&rule.pattern, path));
    fitting
        .max_by_key(|rule| (rule.pattern.len(), rule.allow))
        .is_none_or(|rule| rule.allow)
}

#[derive(Default)]
struct Group {
    agents: Vec<String>,
    rules: Vec<Rule>,
}

struct Rule {
    allow: bool,
    pattern: String,
}

fn groups(robots: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for line in robots.trim_start_matches('\u{feff}').lines() {
        let line = line.split('#').next().unwrap_or_default();
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "user-agent" => {
                let begun = groups.last().is_some_and(|group| group.rules.is_empty());
                if !begun {
                    groups.push(Group::default());
                }
                if let Some(group) = groups.last_mut() {
                    group.agents.push(value.to_ascii_lowercase());
                }
            }
            rule @ ("allow" | "disallow") => {
                if let Some(group) = groups.last_mut() {
                    // An empty rule says nothing, but it ends the list of agents.
                    group.rules.push(Rule {
                        allow: rule == "allow" || value.is_empty(),
                        pattern: value.to_owned(),
                    });
                }
            }
            _ => {}
        }
    }
    groups
}

/// True when the path begins with the pattern, in which `*` stands for any text
/// and a final `$` for the end.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, ends) = pattern
        .strip_suffix('$')
        .map_or((pattern, false), |pattern| (pattern, true));
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let open = parts.is_empty();
    for (at, part) in parts.iter().enumerate() {
        if ends && at + 1 == parts.len() {
            return rest.ends_with(part);
        }
        let Some(found) = rest.find(part) else {
            return false;
        };
        rest = &rest[found + part.len()..];
    }
    !(ends && open) || rest.is_empty()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::allows;

    #[test]
    fn the_longest_rule_of_the_own_group_decides() {
        let robots = "User-agent: *\nDisallow: /api/\nAllow: /api/leaders/\n\n\
                      User-agent: Other\nUser-agent: afwd\nDisallow: /leaders # not these\n";
        assert!(allows(robots, "someone", "/api/leaders/x"));
        assert!(!allows(robots, "someone", "/api/prospects"));
        assert!(allows(robots, "AFWD", "/api/prospects"));
        assert!(!allows(robots, "afwd", "/leaders.aspx"));
    }

    #[test]
    fn wildcards_and_ends_are_read() {
        let robots = "User-agent: *\nDisallow: /*?*season=\nDisallow: /end$\nDisallow: /*.json$\n";
        assert!(!allows(robots, "afwd", "/api?level=1&season=2026"));
        assert!(!allows(robots, "afwd", "/end") && allows(robots, "afwd", "/endless"));
        assert!(!allows(robots, "afwd", "/a.json") && allows(robots, "afwd", "/a.jsonp"));
        assert!(allows("User-agent: *\nDisallow:\n", "afwd", "/x"));
        assert!(!allows("User-agent: *\nDisallow: /\n", "afwd", "/x"));
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(robots in any::<String>(), path in any::<String>()) {
            let _ = allows(&robots, "afwd", &path);
            let _ = allows(&format!("User-agent: *\nDisallow: {robots}"), "afwd", &path);
        }
    }
}
