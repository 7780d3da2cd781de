"""General words that page furniture and captions are made with, and function words, in many languages.

They are one feature beside a line's shape and place (`shape`, `furniture`), never a verdict alone on a
sentence inside the body. No phrase here belongs to one site.
"""

from __future__ import annotations

import re
from functools import cache

_FUNCTION_WORDS = {
    "en": "the a an of to in and for on that is was it with as at by from be has have had he she his her they their "
    "this which not are were but or who will would after said been than its into more about when",
    "fr": "le la les l un une des du de d et à en que qui dans pour par sur au aux avec est a ont ce cette ces se s il "
    "elle ils son sa ses leur pas ne n plus été sont ou mais comme c qu selon après",
    "id": "yang di ke dari dan untuk dengan pada ini itu adalah dalam tidak akan oleh juga sebagai karena atau telah "
    "bisa ada kata mereka para saat bahwa lebih sudah dia kami kita saya tersebut hingga setelah antara secara",
    "ms": "yang di ke dari dan untuk dengan pada ini itu adalah dalam tidak akan oleh juga sebagai kerana atau telah "
    "boleh ada kata mereka para bahawa lebih sudah dia kami kita saya tersebut hingga selepas antara daripada",
    "de": "der die das den dem des ein eine einer einen einem und in im zu zum zur von vom mit auf für ist sich nicht "
    "als auch an am bei nach es er sie aus wie dass sind war hat haben wird werden über um noch nur",
    "es": "el la los las un una de del y e en a al que se por con para su sus es no lo como más o pero ha han fue son "
    "este esta ya entre sobre cuando también le desde hasta",
    "pt": "o a os as um uma de do da dos das e em no na nos nas que se por com para seu sua é não como mais ou mas ao "
    "à foi são este esta já entre sobre quando também lhe pelo pela",
    "it": "il lo la i gli le l un una di del della dei delle e in nel nella che si per con non è a al alla da dal come "
    "più ma o ha hanno sono suo sua anche questo questa su sul",
    "nl": "de het een van en in op te dat die voor met is zijn was niet aan om er ook als bij door naar uit over maar "
    "of tot heeft hebben werd worden ze hij nog wordt",
    "sv": "och i att det som en på är av för med till den har de inte om ett han men var sig från vi så kan när efter "
    "vid också hon eller under",
    "da": "og i at det som en på er af for med til den har de ikke om et han men var sig fra vi så kan når efter ved "
    "også hun eller under",
    "no": "og i at det som en på er av for med til den har de ikke om et han men var seg fra vi så kan når etter ved "
    "også hun eller under",
    "pl": "w i z na do że się nie to jest o od po przez dla jak za a ale są był była było które który która także oraz "
    "jego jej ich już tym tego",
    "cs": "a v se na že je s z do o k i to za pro by ve po jako ale od které který která podle jsou byl byla bylo při "
    "také už jeho jejich",
    "ro": "și în de la a cu pe care o nu un din că se este pentru au mai al ale sunt prin după să fost lui ei cel "
    "această acest",
    "hu": "a az és hogy nem is egy ez volt de csak már meg van mint még szerint el ki azt ezt amely aki után között",
    "fi": "ja on ei se että oli hän joka myös mutta kun ovat ole kuin mukaan sen sekä tai ovat olisi jo vain",
    "tr": "ve bir bu da de için ile olarak olan çok daha gibi kadar sonra en o ne ancak göre her ise ya",
    "ru": "и в не на что с по как к это из за для от о его но а у также был была было были или их после при она он до "
    "который которые",
    "uk": "і в не на що з та до за для як від це у його але про й або їх після при вона він який які було були",
    "bg": "и в на за не се от да с е по че като до са са или но при след това който които беше",
    "el": "και το να του η της με που την από για ο οι τα στο στην τον των είναι δεν θα σε ότι ή αλλά ως μετά",
    "ar": "في من على إلى أن التي الذي عن مع هذا هذه ما لا كان كانت بعد قال و أو بين وقد ولم كما إن قد",
    "fa": "و در به از که این را با است برای آن یک تا بر خود شد بود نیز هم یا اما کرد",
    "he": "של את על לא עם הוא היא זה כי גם אל או אם בין היה לאחר כל אך יותר",
    "hi": "के में की है से को और का ने पर कि यह भी एक हैं नहीं था इस लिए तो कर हो",
    "vi": "và của là có trong cho không được với các một những đã này người từ để khi đến tại về theo ra cũng",
    "sw": "na ya wa kwa ni katika la za kuwa hii alisema cha hiyo pia kama baada yake huo lakini kutoka",
    "tl": "ang ng sa na mga ay at si ni para hindi ito kay mula niya sila kung nang din ayon",
    "ca": "el la els les un una de del i en a al que es per amb no com més o però ha han va són aquest aquesta entre",
}


@cache
def function_words(lang: str) -> frozenset[str]:
    """Return the commonest function words of a language; empty where none are listed."""
    return frozenset(_FUNCTION_WORDS.get(lang, "").split())


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


# What a picture or its credit is called, at the head of a caption or before the name that is credited.
PICTURE = _phrases(
    "photo|photos|foto|fotos|fotografi|fotografía|fotografia|photographie|picture|image|imagen|imagem|"
    "immagine|gambar|bild|bilder|illustration|ilustrasi|ilustración|ilustração|illustrazione|ilustracja|"
    "credit|credits|crédit|crédits|crédito|créditos|kredit|fotoğraf|zdjęcie|fot|kép|kuva|dok|dokumentasi|"
    "courtesy|фото|снимок|صورة|عکس|写真|图片|照片|사진|ảnh"
)

# What stands before a picture's subject without a colon.
DEPICTION = _phrases("photo|foto|illustration|ilustrasi|ilustración|ilustração|illustrazione|ilustracja|symbolbild")

# Invitations to another text: furniture wherever they stand.
SEE_ALSO = _phrases(
    "read also|read more|also read|see also|more on this|related|recommended|watch also|watch|lire aussi|"
    "à lire|à lire aussi|à lire également|voir aussi|à voir aussi|lire également|sur le même sujet|baca juga|"
    "baca|simak juga|simak|lihat juga|tonton juga|artikel terkait|berita terkait|pilihan editor|"
    "pilihan redaksi|baca lagi|siehe auch|lesen sie auch|mehr zum thema|lesen sie mehr|lea también|"
    "lee también|te puede interesar|ver también|leia também|leia mais|veja também|leggi anche|lees ook|"
    "läs också|les også|læs også|czytaj także|czytaj też|zobacz też|čtěte také|citește și|olvassa el|lue myös|"
    "ayrıca bakınız|читайте также|читайте також|διαβάστε επίσης|اقرأ أيضا|اقرأ أيضاً|קראו גם|यह भी पढ़ें|"
    "xem thêm|đọc thêm|soma pia|もっと読む|関連記事|相关阅读|延伸阅读|관련기사"
)

# What a page asks of its reader: furniture on a line that is no sentence, and at the end of the page.
CALL = _phrases(
    "follow us|follow our|subscribe|sign up|share this|share on|share via|get our|get the latest|download our|"
    "download the app|join our|leave a comment|log in|listen to this|continue reading|scroll|swipe|click here|"
    "all rights reserved|copyright ©|suivez|abonnez-vous|abonnez|inscrivez-vous|partager|partagez|retrouvez|"
    "réagir|commenter|connectez-vous|recevez|téléchargez|cliquez|tous droits réservés|ikuti|dapatkan|gabung|"
    "bagikan|berlangganan|langganan|unduh|tulis komentar|hak cipta|lanjutkan membaca|klik|anda boleh ikuti|"
    "folgen sie|abonnieren sie|abonnieren|jetzt abonnieren|teilen|alle rechte vorbehalten|síguenos|siga|"
    "suscríbete|suscríbase|compartir|todos los derechos reservados|siga-nos|assine|inscreva-se|compartilhe|"
    "compartilhar|todos os direitos reservados|seguici|iscriviti|condividi|tutti i diritti riservati|volg ons|"
    "abonneer|deel dit|följ oss|prenumerera|dela denna|følg oss|obserwuj|subskrybuj|udostępnij|sdílet|"
    "abone ol|paylaş|подписывайтесь|подпишитесь|поделиться|підписуйтесь|поділитися|تابعونا|شارك|اشترك|分享|关注|"
    "订阅|シェア|フォロー|공유|구독|chia sẻ|theo dõi|đăng ký"
)

# What a page calls its parts: furniture alone, or before a colon.
PART = _phrases(
    "advertisement|advertisements|ad|sponsored|comment|comments|newsletter|topics|topic|tags|tag|keywords|"
    "keyword|editor|editing|reporter|writer|author|source|most read|most popular|latest news|trending|related|"
    "share|follow|copyright|publicité|commentaires|commentaire|mots-clés|mots clés|étiquettes|rédaction|"
    "sources|les plus lus|iklan|komentar|kata kunci|topik|penulis|penyunting|sumber|laporan|pewarta|"
    "terpopuler|terkini|anzeige|werbung|kommentare|schlagwörter|quelle|autor|autorin|publicidad|comentarios|"
    "etiquetas|fuente|publicidade|comentários|palavras-chave|fonte|pubblicità|commenti|advertentie|reacties|"
    "trefwoorden|bron|annons|kommentarer|källa|reklama|komentarze|źródło|komentáře|zdroj|reklam|yorumlar|"
    "kaynak|реклама|комментарии|источник|автор|теги|джерело|إعلان|تعليقات|المصدر|广告|评论|来源|责任编辑|編集|広告|광고|댓글|기자|"
    "quảng cáo|bình luận|nguồn"
)

# What stands before the writer's name.
BYLINE = _phrases("by|par|oleh|von|por|di|da|door|av|af|autor|autora|text|yazan|автор|от|بقلم|כתב|tekst")


@cache
def opening(cues: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for a line that opens with one of `cues` as whole words, whatever their case."""
    words = "|".join(map(re.escape, sorted(cues, key=len, reverse=True)))
    return re.compile(rf"\W*(?:\d+\s+)?(?:{words})(?!\w)", re.IGNORECASE)
