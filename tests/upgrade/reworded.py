"""Texts that were reworded since the pages were saved, and say the same.

``*`` stands for a name or a date, ``#`` for a number. A text of a few words is only replaced if it is a whole line.
"""
# ruff: noqa: E501

from __future__ import annotations

import re

REWORDED = {
    "# belum dibaca": "# pemberitahuan belum dibaca",
    "# catatan, disegel sampai catatan #.": "# catatan, diamankan sampai catatan #.",
    "# di sini, # termasuk unit di bawahnya": "# di unit ini, # termasuk unit di bawahnya",
    "10 ditemukan ·": "10 pegawai ditemukan ·",
    "18 angka; spasi dan titik tidak berpengaruh. Isi ini atau alamat surel.": "18 angka; spasi dan titik diabaikan. Isi ini atau alamat surel.",
    "36 ditemukan ·": "36 pegawai ditemukan ·",
    "; di bawah: ": "; unit induk: ",
    "; orang: ": "; pegawai: ",
    "; syarat: ": "; syarat kelulusan: ",
    "Ada yang keliru? Mintalah admin instansi Anda memperbaikinya; sertifikat mencetak data yang tercantum di sini pada hari diterbitkan.": "Ada yang keliru? Mintalah admin instansi Anda memperbaikinya. Sertifikat memuat data ini sebagaimana tercantum pada hari penerbitan.",
    "Alamat surel Anda belum tercatat, dan memang tidak wajib. Jika ingin menerima surel, minta admin menambahkan alamat Anda.": "Alamat surel Anda belum tercatat di situs ini, dan memang tidak wajib. Jika ingin menerima surel, minta admin menambahkan alamat Anda.",
    "Alamatnya mungkin salah ketik, atau halaman ini tidak terbuka bagi akun Anda. Semua yang sudah Anda simpan tetap ada.": "Periksa alamatnya. Jika sudah benar, akun Anda mungkin tidak memiliki akses ke halaman ini. Semua yang sudah Anda simpan tetap ada.",
    "Anda dapat mulai sekarang. Hari terakhir: *.": "Anda dapat mulai sekarang. Tenggat: *.",
    "Aturan yang ditetapkan peraturan atau instansi. Perubahan berlaku mulai sekarang; sertifikat yang sudah terbit tidak berubah. Setiap perubahan tercantum di catatan aktivitas.": "Aturan yang ditetapkan peraturan atau instansi. Perubahan berlaku mulai sekarang; sertifikat yang sudah terbit tidak berubah. Setiap perubahan dicatat dalam catatan aktivitas.",
    "Begitu kata sandi baru disimpan, semua perangkat Anda yang lain dikeluarkan.": "Menyimpan kata sandi baru mengakhiri sesi di semua perangkat Anda yang lain.",
    "Belum ada. Kepala unit melihat kemajuan belajar semua orang di sini dan di bawahnya.": "Belum ada. Kepala melihat kemajuan belajar semua pegawai di unit ini dan di unit bawahannya.",
    "Boleh dikosongkan, dan dapat dihapus lagi kapan saja. Hanya ditampilkan kepada admin dan kepala unit Anda, dan hanya dipakai untuk menghubungi Anda tentang pelatihan.": "Nomor ini tidak wajib dan dapat dihapus kapan saja. Nomor ini hanya ditampilkan kepada admin dan kepala unit Anda, dan hanya dipakai untuk menghubungi Anda tentang pelatihan.",
    "Buka Kelola → Pengguna, lalu": "Buka Kelola → Pegawai, lalu",
    "Buka sebuah unit untuk mengganti namanya, memindahkannya, atau menambah bagian di bawahnya.": "Buka sebuah unit untuk mengganti namanya, memindahkannya, atau menambah unit di bawahnya.",
    "Buka untuk membaca umpan balik penilai. Kursus: *.": "Buka untuk membaca umpan baliknya. Kursus: *.",
    "Cakupan: # orang": "Cakupan: # pegawai",
    "Catatan lebih baru yang menunggu segel: #.": "# catatan yang lebih baru belum diamankan.",
    "Catatan tentang pengguna ini": "Catatan aktivitas pegawai ini",
    "Di sini terlihat di mana saja Anda sedang masuk. Keluarkan perangkat yang tidak Anda kenal, lalu ubah kata sandi Anda.": "Perangkat yang memakai akun Anda. Jika ada yang tidak Anda kenal, akhiri sesinya lalu ubah kata sandi Anda.",
    "Ditulis pada *": "Diimpor pada *",
    "Hak akses * dan alasannya": "Hak akses *",
    "Hak akses pengguna ini": "Hak akses pegawai ini",
    "Hak akses saya dan alasannya": "Hak akses saya",
    "Hak akses saya di sini, dan siapa yang dapat melihat data saya": "Hak akses saya, dan siapa yang dapat melihat data saya",
    "Hanya unit yang keliru dibuat dapat dihapus: tanpa orang (yang nonaktif pun dihitung), bagian, kepala, dan riwayat. Unit lain digabungkan.": "Hanya unit kosong yang dapat dihapus: tanpa pegawai (yang nonaktif pun dihitung), unit bawahan, kepala, dan riwayat. Jika tidak kosong, gabungkan ke unit lain.",
    "Hanya yang dilakukan oleh dan terhadap orang ini: *": "Hanya catatan aktivitas *",
    "Ini berasal dari lingkungan server dan diubah di sana oleh pengelolanya.": "Pengaturan ini berasal dari lingkungan server dan hanya dapat diubah di sana.",
    "Isi setiap surel ini juga ada di Pemberitahuan orangnya di situs ini. Perbaiki alamatnya, atau hubungi dengan cara lain.": "Pemberitahuan ini juga ada di kotak pemberitahuan penerimanya di situs ini. Perbaiki alamatnya, atau hubungi pegawai itu dengan cara lain.",
    "Jabatan atau bidang orang ini": "Jabatan atau bidang",
    "Jam yang sama pada kedua isian: surel dikirim kapan saja.": "Isi jam yang sama pada kedua isian agar surel dikirim kapan saja.",
    "Jangan pernah memberitahukan kata sandi Anda, kepada admin pun tidak.": "Jangan pernah memberitahukan kata sandi Anda kepada siapa pun, termasuk admin.",
    "Kabar dan tenggat selalu ada di pemberitahuan Anda di sini.": "Kabar dan tenggat selalu ada di pemberitahuan Anda di situs ini.",
    "Kata sandi tidak boleh memuat NIP atau tanggal lahir Anda, dan tidak boleh berupa kata sandi yang umum atau deretan sederhana seperti 1234567890. Huruf besar dan tanda baca boleh dipakai, tetapi tidak diwajibkan.": "Kata sandi tidak boleh memuat NIP atau tanggal lahir Anda, dan tidak boleh berupa kata sandi yang umum atau deretan sederhana seperti 1234567890. Huruf besar dan simbol boleh dipakai, tetapi tidak diwajibkan.",
    "Ke daftar kursus": "Lihat kursus",
    "Ke halaman awal": "Ke beranda",
    "Keikutsertaan dan kemajuan di angkatan ini. Dari NIP hanya bagian akhirnya.": "Keikutsertaan dan kemajuan di angkatan ini, tetapi hanya bagian akhir NIP.",
    "Kelola → Pengguna → Tambah pengguna.": "Kelola → Pegawai → Tambah pegawai.",
    "Kemajuan di semua kursus dan jam pelajaran (JP). Dari NIP hanya bagian akhirnya.": "Kemajuan di semua kursus dan jam pelajaran (JP), tetapi hanya bagian akhir NIP.",
    "Kembali tanpa mengubah": "Batal",
    "Kepala dan pejabat sementara": "Kepala dan Plt./Plh.",
    "Kosong: sampai diakhiri di sini.": "Kosongkan jika tanpa tanggal berakhir.",
    "Kosong: sejak hak akses diberikan.": "Kosongkan jika berlaku sejak hak akses diberikan.",
    "Lembar kerja telah memendekkan nomor ini sehingga angka terakhirnya hilang. Ubah format kolom menjadi teks, lalu isikan kembali nomornya.": "Lembar kerja telah membulatkan nomor ini sehingga angka terakhirnya hilang. Ubah format kolom menjadi teks, lalu isikan kembali nomornya.",
    "Lihat apa yang akan pindah": "Pratinjau penggabungan",
    "Lihat dahulu perubahannya": "Pratinjau perubahan",
    "Lupa kata sandi: mintalah kode sekali pakai. Kode itu dibacakan kepada Anda, lalu Anda membuat kata sandi baru.": "Lupa kata sandi: mintalah kode sekali pakai, yang akan dibacakan kepada Anda. Dengan kode itu Anda membuat kata sandi baru.",
    "Masa jabatan yang berakhir tetap terlihat sebagai riwayat: isi hari terakhirnya di atas. Hak akses yang keliru diberikan dicabut di sini; hanya catatan aktivitas yang mengingatnya.": "Untuk mengakhiri hak akses, isi tanggal berakhirnya di atas: hak akses itu tetap terlihat sebagai riwayat. Cabut hak akses hanya jika keliru diberikan; sesudah itu hanya catatan aktivitas yang memuatnya.",
    "Melihat hal yang sama dengan kepala unit, selama masa tanggalnya.": "Melihat hal yang sama dengan kepala unit selama masa tersebut.",
    "Melihat kemajuan belajar semua orang di unit ini dan unit-unit di bawahnya, serta mengusulkan mereka ke angkatan.": "Melihat kemajuan belajar semua pegawai di unit ini dan unit di bawahnya, serta mengusulkan mereka ke angkatan.",
    "Melihat peserta, menilai tugas mereka, dan mengesahkan siapa yang telah selesai.": "Melihat peserta, menilai tugas mereka, dan mengesahkan kelulusan.",
    "Menambah dan mengubah data pengguna instansi, membuatkan kode masuk, mengatur unit-unitnya, dan menetapkan kepala unit.": "Mengelola data pegawai instansi, kode masuk mereka, unit kerja, dan kepala unit.",
    "Mengelola pengguna, unit, kursus, angkatan, sertifikat, dan pengaturan, serta memberi hak akses.": "Mengelola pegawai, unit kerja, kursus, angkatan, sertifikat, dan pengaturan, serta memberi hak akses.",
    "Menggantikan kepala * untuk sementara (Plt. atau Plh.)": "Plt./Plh. kepala *",
    "Menggantikan kepala unit untuk sementara (Plt. atau Plh.)": "Sebagai Plt. atau Plh.",
    "Mengikuti kursus dan melihat catatannya sendiri, seperti semua orang.": "Dapat mengikuti kursus dan melihat catatannya sendiri, seperti semua pegawai.",
    "Mengikuti kursus, mengumpulkan tugas, melihat nilai, jam pelajaran (JP), dan sertifikat sendiri, serta memeriksa keaslian sertifikat apa pun.": "Dapat mengikuti kursus, mengirim tugas, melihat nilai, jam pelajaran (JP), dan sertifikat sendiri, serta memverifikasi sertifikat apa pun.",
    "Mengurus angkatan ini: siapa pesertanya, siapa yang diterima, siapa yang mendapat tambahan waktu.": "Mengelola angkatan ini: peserta, permohonan, dan perpanjangan tenggatnya.",
    "Nama atau NIP seseorang": "Nama atau NIP pegawai",
    "Nama orangnya. Bawaan: kosong": "Nama petugas. Bawaan: kosong",
    "Orang ini belum pernah memiliki kata sandi. Buat kode untuk masuk pertama kali dan bacakan lewat telepon.": "Pegawai ini belum memiliki kata sandi. Buat kode untuk masuk pertama kali dan bacakan lewat telepon.",
    "Orang ini langsung dikeluarkan dari semua perangkat. Catatan, nilai, dan hak akses tetap ada.": "Pegawai ini langsung dikeluarkan dari semua perangkat. Catatan, nilai, dan hak akses tetap disimpan.",
    "Orang ini memiliki hak akses di luar instansi Anda. Hanya admin seluruh situs yang dapat mengubah akun ini atau membuatkan kodenya.": "Pegawai ini memiliki hak akses di luar instansi Anda. Hanya admin seluruh situs yang dapat mengubah akun ini atau membuatkan kodenya.",
    "Orang, bagian, dan kepalanya pindah, dan unit ini tetap ada sebagai riwayat. Anda melihat apa yang akan pindah sebelum ada yang diubah.": "Pegawai, kepala, dan unit di bawahnya pindah ke unit tersebut, dan unit ini disimpan sebagai riwayat. Anda dapat memeriksa apa yang akan pindah sebelum ada yang diubah.",
    "Pengguna": "Pegawai",
    "Pengguna · Belajar ASN": "Pegawai · Belajar ASN",
    "Perlu dilihat": "Perlu diperiksa",
    "Rincian hak, cakupannya, dan siapa yang dapat melihat data ini": "Rincian hak akses dan cakupannya, serta siapa yang dapat melihat data ini",
    "Selain pemilik data: orang-orang berikut, karena tugasnya. Orang lain tidak melihat apa pun, kecuali yang memeriksa sertifikat dengan kodenya.": "Selain pegawai yang bersangkutan, orang-orang berikut dapat melihatnya karena tugasnya. Orang lain tidak dapat, kecuali data yang tampil saat sertifikat diverifikasi dengan kodenya.",
    "Semua yang di bawahnya ikut pindah; orang-orangnya tetap di unit ini.": "Unit di bawahnya ikut pindah. Pegawainya tetap di unit ini.",
    "Sesuai nomornya": "Sesuai nomor",
    "Siapa yang baru dan apa yang telah berubah": "Pegawai baru dan perubahan yang dilakukan",
    "Siapa yang dapat dihubungi": "Narahubung",
    "Spasi dan titik tidak berpengaruh.": "Spasi dan titik diabaikan.",
    "Surel dikirim lagi mulai jam": "Surel dikirim lagi mulai pukul",
    "Surel pada malam hari menunggu sampai pagi; pemberitahuan di situs tetap langsung tampil.": "Surel pada malam hari dikirim pada pagi harinya. Pemberitahuan di situs tetap langsung tampil.",
    "Surel tidak dikirim mulai jam": "Surel tidak dikirim mulai pukul",
    "Surel yang ditolak alamatnya langsung tampil di sini; bila server surel tidak menjawab, setelah dua hari dicoba.": "Surel yang ditolak langsung tampil di sini. Jika server surel tidak menjawab, surel tampil setelah dua hari dicoba.",
    "Peserta diberi tahu dengan sendirinya begitu tugasnya dinilai.": "Peserta diberi tahu secara otomatis begitu tugasnya dinilai.",
    "Tambah instansi di tingkat teratas": "Tambah instansi",
    "Tambah pengguna": "Tambah pegawai",
    "Tambah pengguna · Belajar ASN": "Tambah pegawai · Belajar ASN",
    "Tampilkan pengguna unit ini": "Tampilkan pegawai",
    "Teleponlah admin instansi Anda dan mintalah kode sekali pakai. Dengan kode itu Anda membuat kata sandi baru; surel tidak diperlukan.": "Teleponlah admin instansi Anda dan mintalah kode sekali pakai untuk membuat kata sandi baru. Surel tidak diperlukan.",
    "Tempat layanan": "Tempat",
    "Tercantum di catatan aktivitas dan dapat dibaca semua admin.": "Dicatat dalam catatan aktivitas dan dapat dibaca semua admin.",
    "Termasuk di bawahnya": "Termasuk unit di bawahnya",
    "Tertulis": "Isi",
    "Tetapkan kepala atau pejabat sementara": "Tetapkan kepala atau Plt./Plh.",
    "Tidak ada yang memerlukan lembar kode di sini": "Tidak ada yang memerlukan lembar kode",
    "Tidak bisa masuk?": "Baru pertama kali masuk, atau lupa kata sandi?",
    "Tidak bisa masuk? Buat kode dan bacakan lewat telepon. Kata sandi sekarang tetap berlaku sampai kode dipakai.": "Tidak bisa masuk? Buat kode dan bacakan lewat telepon. Kata sandi saat ini tetap berlaku sampai kode dipakai.",
    "Tidak termasuk: NIP lengkap, jawaban, dan tugas yang dikumpulkan.": "Tidak termasuk: NIP lengkap, jawaban, dan tugas terkirim.",
    "Tugas, jawaban, dan nilai di kursus ini. Dari NIP hanya bagian akhirnya.": "Tugas, jawaban, dan nilai di kursus ini, tetapi hanya bagian akhir NIP.",
    "UPT (puskesmas, sekolah)": "UPT",
    "[x] UPT (puskesmas, sekolah)": "[x] UPT",
    "jenis UPT (puskesmas, sekolah)": "jenis UPT",
    "jenis: UPT (puskesmas, sekolah)": "jenis: UPT",
    "Untuk masuk pertama kali, atau bila Anda lupa kata sandi. Kodenya tertulis pada lembar kode Anda, atau disampaikan admin instansi Anda melalui telepon. Kode berlaku satu kali.": "Pakai kode untuk masuk pertama kali, atau jika Anda lupa kata sandi. Kodenya tertulis pada lembar kode Anda, atau disampaikan admin instansi Anda melalui telepon. Kode berlaku satu kali.",
    "Usulan Anda untuk * tidak diterima.": "Pengajuan Anda untuk * tidak disetujui.",
    "Waktu layanan": "Jam layanan",
    "XLSX, XLS, ODS, atau CSV; paling banyak 50.000 baris. Tidak ada yang ditulis sebelum Anda melihat dan menyetujuinya.": "XLSX, XLS, ODS, atau CSV; paling banyak 50.000 baris. Tidak ada yang diimpor sebelum Anda memeriksa dan menyetujui perubahannya.",
    "Yang masih harus selesai sampai hari itu: *.": "Yang masih harus diselesaikan: *.",
    "Yang sering membantu": "Coba langkah ini",
    "hari terakhir mendaftar: ": "tenggat pendaftaran: ",
    "mengelola pengguna, unit, kursus, dan pengaturan.": "mengelola pegawai, unit kerja, kursus, dan pengaturan.",
    "mengubah data orang": "mengubah data pegawai",
    "mengumpulkan tugas": "mengirim tugas",
    "menolak pengajuan": "menolak permohonan",
    "nilai yang dipakai: ": "nilai akhir: ",
    "orang": "pegawai",
    "orang baru: ": "pegawai baru: ",
    "orang: Peserta Contoh #": "pegawai: Peserta Contoh #",
    "pejabat sementara mulai *": "Plt./Plh. mulai *",
    "pejabat sementara: ": "Plt./Plh.: ",
    "pengajuan tempat": "permohonan",
    "pengajuan tempat #": "permohonan #",
    "revisi: ": "versi: ",
    "sidik berkas: ": "checksum: ",
    "termasuk # unit di bawahnya": "termasuk # unit di bawahnya",
    "tugas terkumpul": "tugas terkirim",
    "tugas terkumpul #": "tugas terkirim #",
    "✓ Catatan utuh: disegel sampai catatan #.": "✓ Catatan utuh sampai catatan #.",
    "✓ sudah ditulis": "✓ sudah diimpor",
    "✓ sudah ditulis Diunggah oleh *": "✓ sudah diimpor Diunggah oleh *",
}


def _pattern(text: str) -> re.Pattern[str]:
    words = re.escape(text).replace(re.escape("*"), "(.+?)").replace(re.escape("#"), r"([0-9.]+)")
    return re.compile(words if len(text) >= 25 or (":" in text and "*" not in text) else rf"^{words}$", re.MULTILINE)


_PATTERNS = [(_pattern(old), REWORDED[old]) for old in sorted(REWORDED, key=lambda text: ("*" in text, -len(text)))]


TERMS = (
    (r"(\d+) orang sudah$", r"\1 sudah mencapainya"),
    ("\\bKeluar dari kursus\\b", "Berhenti dari kursus"),
    ("\\bBila\\b", "Jika"),
    ("\\bbila\\b", "jika"),
    ("Papan ketuntasan", "Pemantauan pelatihan"),
    ("papan ketuntasan", "pemantauan pelatihan"),
    ("ketuntasan menunggu konfirmasi Anda", "kelulusan menunggu pengesahan Anda"),
    ("ketuntasan menunggu konfirmasi", "kelulusan menunggu pengesahan"),
    ("yang ketuntasannya Anda konfirmasi", "yang kelulusannya Anda sahkan"),
    ("Ketuntasan", "Kelulusan"),
    ("ketuntasan", "kelulusan"),
    ("Tuntaskan kursus", "Selesaikan kursus"),
    ("\\btuntas\\b", "selesai"),
    ("Rekam JP dan sertifikat saya", "Riwayat pelatihan dan sertifikat saya"),
    ("Rekam JP", "Riwayat pelatihan"),
    ("rekam JP", "riwayat pelatihan"),
    ("^Riwayat pelatihan$", "Riwayat"),  # in the navigation
    ("atau kesempatannya habis", "atau percobaannya habis"),
    ("Ini kesempatan terakhir:", "Ini pengumpulan terakhir:"),
    ("Semua kesempatan sudah terpakai", "Semua pengumpulan sudah terpakai"),
    ("^Kesempatan$", "Jumlah pengumpulan"),
    ("hubungi penyelenggara pelatihan", "hubungi pengelola pelatihan"),
    ("Sampaikan kepada penyelenggara pelatihan", "Sampaikan kepada pengelola pelatihan"),
    ("Penyelenggara akan memeriksa", "Pengelola akan memeriksa"),
    ("Mintalah admin BKPSDM mendaftarkan", "Mintalah pengelola pelatihan mendaftarkan"),
    ("^Butir$", "Materi"),
    ("Cabut untuk seterusnya", "Cabut permanen"),
    ("bersama sertifikat untuk seterusnya", "bersama sertifikat secara permanen"),
    ("%\\(n\\)s orang sudah$", "%(n)s sudah mencapainya"),
    (
        "Tidak dipasang; setiap proses menghitung banjir permintaan sendiri\\.",
        "Tidak diatur; setiap proses membatasi permintaan sendiri-sendiri.",
    ),
    ("Menerima dan memberikan berkas\\.", "Penyimpanan berkas berfungsi."),
    ("^orang contoh$", "akun demo"),
    ("Dicoba lagi sendiri\\.", "Akan dicoba lagi otomatis."),
    ("di sini dengan sendirinya", "di sini secara otomatis"),
    ("Tidak naik dengan sendirinya\\.", "Tidak naik otomatis."),
    ("Terkumpul sebagai pengumpulan ke-(\\S+)\\.", "Tugas terkirim (pengumpulan ke-\\1)."),
    ("Menurut kecepatan Anda sendiri", "Sesuai waktu Anda"),
    ("menurut kecepatan masing-masing", "sesuai waktu masing-masing"),
    ("Mendekati tenggat: berapa hari sebelumnya", "Peringatan tenggat (hari sebelumnya)"),
    ("\\bbita\\b", "byte"),
    ("^Surat menjadi berkas", "Surel menjadi berkas"),
    (r"([Uu])nit kerja\b", r"\1nit"),  # now said where it was "unit"
)
"""One word for one thing, wherever it stands in a page: what it was, and what it is."""


def reworded(page: str) -> str:
    """The text of a saved page in the words of today."""
    for pattern, new in _PATTERNS:
        page = pattern.sub(lambda found, new=new: _filled(new, found.groups()), page)
    return page


def in_one_term(text: str) -> str:
    """With today's ``TERMS``: both the old page and the new one, since the texts of courses keep their own."""
    for pattern, new in TERMS:
        text = re.sub(pattern, new, text, flags=re.MULTILINE)
    return text


def _filled(text: str, values: tuple[str, ...]) -> str:
    for value in values:
        text = re.sub("[*#]", lambda _sign, value=value: value, text, count=1)
    return text
