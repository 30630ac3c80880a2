use super::misspell::Random;

const FIRST: &str = "José Juan Luis Carlos Michael Christopher Jonathan Matthew Daniel David \
Robert William Joseph Alexander Alejandro Miguel Jesús Rafael Manuel Francisco Enrique Ignacio \
Vladimir Roberto Samuel Jacob Zachary Thomas Edward Benjamin Nicholas Anthony Andrés Ángel \
Wilmer Yordan Yoelqui Elly Ronald Fernando Julio Jeremy Bobby Mike Alex Manny Nick Matt Chris \
Jake Tommy Danny Sam Ben Zach Jon Billy Kyle Tyler Brandon Austin Ryan Cole Hunter Logan Mason \
Dylan Jackson Trevor Travis Colton Garrett Grant Drew Blake Chase Brady Connor Spencer Tanner \
J.D. C.J. A.J. T.J. J.P. Ha-Seong Hyun-Jin Ji-Hwan Min-Jun Seung-Woo Dae-Ho Jung-Ho Shohei Yu \
Kenta Seiya Masataka Kodai Yoshinobu Daisuke Hiroki Kazuhiro Tomoyuki Ke'Bryan D'Angelo Tre' \
Starlin Wander Eloy Ozzie Gleyber Yandy Yasmany Maikel Odúbel Eugenio Willy Nomar Melky Héctor \
Ramón Simón Adrián Iván Óscar Raúl Germán Moisés Joaquín Sebastián Agustín Félix Nicolás Tomás \
Jordan Justin Kevin Brian Eric Jason Steven Patrick Sean Scott Corey Cody Dustin Derek Marcus \
Aaron Adam Nathan Noah Ethan Lucas Isaiah Elijah Gavin Gage Parker Riley Wyatt Owen Nolan";

const LAST: &str = "Rodríguez Martínez García Pérez González Hernández Sánchez Ramírez Díaz \
Cruz Reyes Peña Santana Jiménez Núñez Báez Castillo Mejía Polanco Marté Guzmán Acevedo Soto \
Torres Vargas Rosario Almonte Valdez Encarnación Familia Feliz Montero Severino Ynoa Abreu Ortiz \
Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Thomas Moore Martin Lee \
Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams \
Nelson Baker Hall Campbell Mitchell Carter Roberts O'Neill O'Brien O'Connor D'Arnaud Kim Park \
Choi Jung Kang Tanaka Suzuki Yamamoto Watanabe Nakamura Kobayashi Sasaki Matsui Ohtani-Reyes \
Crow-Armstrong Kiner-Falefa Woods-Richardson Müller Schröder Sjöberg Østergaard Løwe Dubón";

const STARTS: [&str; 64] = [
    "Ald", "Ambr", "And", "Arch", "Ash", "Bal", "Bar", "Beck", "Ber", "Black", "Bran", "Broad",
    "Cal", "Car", "Cas", "Chal", "Col", "Crad", "Cren", "Dal", "Del", "Don", "Dun", "East", "Ed",
    "El", "Fal", "Far", "Fen", "Gal", "Gar", "Gor", "Had", "Hal", "Har", "Hol", "Ken", "Kir",
    "Lan", "Lin", "Mac", "Mal", "Mar", "Mon", "Nor", "Oak", "Pal", "Per", "Quin", "Ram", "Ros",
    "Sal", "San", "Shel", "Stan", "Tal", "Tor", "Ul", "Val", "Ver", "Wal", "Wes", "Win", "Zam",
];
const MIDDLES: [&str; 20] = [
    "", "a", "e", "i", "o", "en", "er", "ing", "ar", "in", "ol", "ett", "and", "est", "om", "us",
    "im", "ac", "ur", "il",
];
const ENDS: [&str; 32] = [
    "ton", "ley", "field", "ford", "wood", "man", "son", "ez", "ada", "illo", "ero", "ano", "ini",
    "etti", "berg", "stein", "ski", "wicz", "ham", "worth", "shaw", "by", "dale", "quist", "mann",
    "eau", "ier", "ara", "ita", "moto", "oya", "ell",
];

/// `count` invented players, the most relevant first: few common names, many
/// rare ones, a few suffixes and double last names.
pub(super) fn invented(count: usize) -> Vec<String> {
    let mut random = Random::new(1871);
    let first: Vec<&str> = FIRST.split_whitespace().collect();
    let common: Vec<&str> = LAST.split_whitespace().collect();
    let one = |random: &mut Random| {
        let given = if random.below(10) == 0 {
            coined(random, 6)
        } else {
            first[skewed(first.len(), random)].to_owned()
        };
        let mut name = format!("{given} {}", last(&common, random));
        match random.below(60) {
            0 => name.push_str(" Jr."),
            1 => name.push_str(" III"),
            2 => name = format!("{name}-{}", last(&common, random)),
            3 => name = name.replacen(' ', " De La ", 1),
            _ => {}
        }
        name
    };
    (0..count).map(|_| one(&mut random)).collect()
}

fn last(common: &[&str], random: &mut Random) -> String {
    if random.below(3) == 0 {
        common[skewed(common.len(), random)].to_owned()
    } else {
        coined(random, ENDS.len())
    }
}

/// A name nobody need have, out of about 40,000.
fn coined(random: &mut Random, ends: usize) -> String {
    let start = STARTS[skewed(STARTS.len(), random)];
    let middle = MIDDLES[random.below(MIDDLES.len())];
    format!("{start}{middle}{}", ENDS[random.below(ends)])
}

/// A number below `end`, small ones more often.
fn skewed(end: usize, random: &mut Random) -> usize {
    let drawn = random.below(end);
    random.below(drawn + 1)
}
