"""Random texts as campaigns write them: the 24 official languages of the EU, emoji, links, hashtags, numbers."""

import random

SENTENCES = {
    "bg": "Всеки пострадал има право да бъде изслушан и подкрепен.",
    "cs": "Každá oběť má právo být vyslyšena a dostat pomoc, kdykoli ji potřebuje.",
    "da": "Ethvert offer har ret til at blive hørt og få hjælp, når det er nødvendigt.",
    "de": "Jedes Opfer hat das Recht, gehört zu werden – größtmögliche Hilfe überall.",
    "el": "Κάθε θύμα έχει δικαίωμα να ακουστεί και να λάβει βοήθεια όπου κι αν βρίσκεται.",
    "en": "Every victim has the right to be heard, and it’s “free” wherever you are.",
    "es": "Toda víctima tiene derecho a ser escuchada; ¿necesitas ayuda? ¡Llámanos mañana!",
    "et": "Igal ohvril on õigus olla ära kuulatud ja saada abi, kui ta seda vajab.",
    "fi": "Jokaisella rikoksen uhrilla on oikeus tulla kuulluksi – älä jää yksin hädän hetkellä.",
    "fr": "Chaque victime a le droit d’être entendue : où que vous soyez, l’aide est là, à côté.",
    "ga": "Tá sé de cheart ag gach íospartach go n-éistfí leis agus cabhair a fháil.",
    "hr": "Svaka žrtva ima pravo biti saslušana i dobiti pomoć kad god je treba, čak i noću.",
    "hu": "Minden áldozatnak joga van ahhoz, hogy meghallgassák, és segítséget kapjon, ha szükséges.",
    "it": "Ogni vittima ha diritto di essere ascoltata: l’aiuto c’è, più vicino di così non si può.",
    "lt": "Kiekviena auka turi teisę būti išklausyta ir gauti pagalbą, kai jos reikia – šiandien.",
    "lv": "Ikvienam cietušajam ir tiesības tikt uzklausītam un saņemt palīdzību jebkurā brīdī.",
    "mt": "Kull vittma għandha dritt tinstema’ u tirċievi għajnuna fejn tkun, ħdejn id-dar.",
    "nl": "Elk slachtoffer heeft het recht om gehoord te worden; hulp is dichtbij, óók vandaag.",
    "pl": "Każda ofiara ma prawo być wysłuchana i otrzymać pomoc, gdziekolwiek się znajduje.",
    "pt": "Todas as vítimas têm direito a ser ouvidas; a ajuda está aí, à distância de um telefonema.",
    "ro": "Fiecare victimă are dreptul să fie ascultată și să primească ajutor, oriunde s-ar afla.",
    "sk": "Každá obeť má právo byť vypočutá a dostať pomoc, keď ju potrebuje, aj vo štvrtok.",
    "sl": "Vsaka žrtev ima pravico, da jo slišijo in da dobi pomoč, kadar koli jo potrebuje.",
    "sv": "Varje brottsoffer har rätt att bli hört och få hjälp – när som helst, överallt.",
}
EMOJI = ("👍", "👍🏽", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇪🇺", "🇲🇹", "1️⃣", "☎️", "❤️", "🤝", "⚖️", "📞", "✊🏿", "😀", "👩🏾‍⚖️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿")
LINKS = (
    "https://victim-support.eu/",
    "https://victim-support.eu/help?lang=el#call",
    "http://example.org",
    "victim-support.eu",
    "www.apav.pt/apav_v3",
    "rikosuhripaivystys.fi/apua",
    "(https://example.org/a_(b))",
    "https://example.com/über-uns",
)
OTHERS = ("#VictimsRights", "#ΔικαιώματαΘυμάτων", "#116006", "@EU_Commission", "116 006", "116\u00a0006", "info@victim-support.eu",
          "€ 5", "…", "• one", "→", "½", "50 %", "™", "“q”", "‘q’", "«q»", "„q“", "—", "½", "e\u0301", "被害者", "حقوق")  # fmt: skip


def random_texts(many: int, seed: int = 1) -> list[str]:
    """That many texts, the same for the same seed."""
    chance = random.Random(seed)
    languages = list(SENTENCES)
    return [_text(chance, languages[number % len(languages)]) for number in range(many)]


def _text(chance: random.Random, language: str) -> str:
    words = SENTENCES[language].split()
    parts = [word for word in words if chance.random() < 0.6]
    for pool, most in ((EMOJI, 3), (LINKS, 2), (OTHERS, 3)):
        for one in chance.choices(pool, k=chance.randint(0, most)):
            parts.insert(chance.randint(0, len(parts)), one)
    return "".join(part + chance.choice([" ", " ", " ", " ", "\n", "\n\n"]) for part in parts).strip()
